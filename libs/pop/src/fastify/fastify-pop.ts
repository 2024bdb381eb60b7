import { parseConfiguration } from '@keybound/core';
import type { FastifyPluginAsync, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { nodeRequestView } from '../node-http/node-request-view.js';
import { contentOf, teeContent } from '../node-http/request-content.js';
import { groupFields } from '../node-http/send-response.js';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import { popDemand, type PopDemandInput } from '../resource-server/pop-demand.schema.js';
import type { PopOptions } from '../resource-server/pop-options.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import { rememberVerifiedPop, verifiedPopOf } from '../resource-server/verified-pop-of.js';
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
  app.addHook('onRequest', (request, _reply, done) => {
    teeContent(request.raw, resource.maxContentBytes);
    done();
  });
  app.decorate('popProtected', (demand: PopDemandInput = {}) => protect(resource, demand));
};

/** What `fastify-plugin` sets: the hook and the decorator reach the routes beside this plugin. */
Object.assign(fastifyPop, { [Symbol.for('skip-override')]: true });

function protect(resource: PopResource, demand: PopDemandInput): preHandlerAsyncHookHandler {
  const demanded = parseConfiguration('popProtected', popDemand, demand);
  return async (request, reply) => {
    const content = await contentOf(request.raw, resource.maxContentBytes);
    const view = nodeRequestView(request.raw, request.originalUrl, resource.publicUrl, content);
    const decision = await resource.verifier.verify(view, demanded);
    const fields = decision.admitted ? decision.headers : decision.response.headers;
    for (const [name, values] of groupFields(fields)) void reply.header(name, values);
    if (decision.admitted) {
      rememberVerifiedPop(request.raw, decision.pop);
      return;
    }
    return reply.code(decision.response.status).send(decision.response.body);
  };
}

/** @throws Error on a route that `app.popProtected()` does not protect. */
export function verifiedPop(request: FastifyRequest): VerifiedPop {
  return verifiedPopOf(request.raw);
}
