import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { admitRequest } from '../node-http/admit-request.js';
import { teeContent } from '../node-http/request-content.js';
import { sendErrorResponse, setFields } from '../node-http/send-response.js';
import { demandOn } from '../resource-server/demand-on.js';
import type { PopDemandInput } from '../resource-server/pop-demand.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import { verifiedPopOf } from '../resource-server/verified-pop-of.js';
import type { VerifiedPop } from '../resource-server/verified-pop.js';

/**
 * Middleware that admits a request only if its token is bound to a key that the sender proves to
 * hold. Behind a body parser it needs {@link popContentCapture} in front of that parser.
 *
 * @throws ConfigurationError for a demand that makes no sense.
 */
export function popProtected(resource: PopResource, demand: PopDemandInput = {}): RequestHandler {
  const demanded = demandOn(resource, 'popProtected', demand);
  return async (request: Request, response: Response, next: NextFunction) => {
    const decision = await admitRequest(request, request.originalUrl, resource, demanded);
    if (!decision.admitted) {
      sendErrorResponse(response, decision.response);
      return;
    }
    setFields(response, decision.headers);
    next();
  };
}

/**
 * Keeps content as it came, for a body parser in front of {@link popProtected}. To be the first
 * middleware of all: after one that waits for something, the content may have begun to arrive, and a
 * signed request with content is then answered by an error rather than believed.
 */
export function popContentCapture(resource: PopResource): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    teeContent(request, resource.maxContentBytes);
    next();
  };
}

/** @throws Error on a route that {@link popProtected} does not protect. */
export function verifiedPop(request: Request): VerifiedPop {
  return verifiedPopOf(request);
}
