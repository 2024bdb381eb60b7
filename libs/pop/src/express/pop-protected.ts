import { parseConfiguration } from '@keybound/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { nodeRequestView } from '../node-http/node-request-view.js';
import { contentOf, teeContent } from '../node-http/request-content.js';
import { sendErrorResponse, setFields } from '../node-http/send-response.js';
import { popDemand, type PopDemandInput } from '../resource-server/pop-demand.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import { rememberVerifiedPop, verifiedPopOf } from '../resource-server/verified-pop-of.js';
import type { VerifiedPop } from '../resource-server/verified-pop.js';

/**
 * Middleware that admits a request only if its token is bound to a key that the sender proves to
 * hold. Behind a body parser it needs {@link popContentCapture} in front of that parser.
 *
 * @throws ConfigurationError for a demand that makes no sense.
 */
export function popProtected(resource: PopResource, demand: PopDemandInput = {}): RequestHandler {
  const demanded = parseConfiguration('popProtected', popDemand, demand);
  return async (request: Request, response: Response, next: NextFunction) => {
    const content = await contentOf(request, resource.maxContentBytes);
    const view = nodeRequestView(request, request.originalUrl, resource.publicUrl, content);
    const decision = await resource.verifier.verify(view, demanded);
    if (!decision.admitted) {
      sendErrorResponse(response, decision.response);
      return;
    }
    setFields(response, decision.headers);
    rememberVerifiedPop(request, decision.pop);
    next();
  };
}

/** Keeps content as it came; the first of all middleware, before any body parser. */
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
