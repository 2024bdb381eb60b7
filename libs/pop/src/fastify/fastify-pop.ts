import type { FastifyPluginAsync, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { admitRequest } from '../node-http/admit-request.js';
import { captureAtServer } from '../node-http/request-content.js';
import { groupFields } from '../node-http/send-response.js';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import { demandOn } from '../resource-server/demand-on.js';
import type { PopDemandInput } from '../resource-server/pop-demand.schema.js';
import type { PopOptions } from '../resource-server/pop-options.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import { verifiedPopOf } from '../resource-server/verified-pop-of.js';
import type { VerifiedPop } from '../resource-server/verified-pop.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** A `preHandler` that admits only senders who prove their key; from `fastifyPop`. */
    popProtected(demand?: PopDemandInput): preHandlerAsyncHookHandler;
  }
}

/**
 * Plugin that captures content and adds `app.popProtected()`.
 *
 * @throws ConfigurationError, through `ready()`, for options that make no sense.
 */
export const fastifyPop: FastifyPluginAsync<PopOptions> = async (app, options) => {
  const resource = await buildPopResource(options);
  captureAtServer(app.server, resource.maxContentBytes);
  app.decorate('popProtected', (demand: PopDemandInput = {}) => protect(resource, demand));
};

/** What `fastify-plugin` sets: the hook and the decorator reach the routes beside this plugin. */
Object.assign(fastifyPop, { [Symbol.for('skip-override')]: true });

function protect(resource: PopResource, demand: PopDemandInput): preHandlerAsyncHookHandler {
  const demanded = demandOn(resource, 'popProtected', demand);
  return async (request, reply) => {
    const decision = await admitRequest(request.raw, request.originalUrl, resource, demanded);
    const fields = decision.admitted ? decision.headers : decision.response.headers;
    for (const [name, values] of groupFields(fields)) void reply.header(name, values);
    if (decision.admitted) return;
    return reply.code(decision.response.status).send(decision.response.body);
  };
}

/** @throws Error on a route that `app.popProtected()` does not protect. */
export function verifiedPop(request: FastifyRequest): VerifiedPop {
  return verifiedPopOf(request.raw);
}
