import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeRequestView } from '../node-http/node-request-view.js';
import { contentOf } from '../node-http/request-content.js';
import { setFields } from '../node-http/send-response.js';
import type { PopDemand } from '../resource-server/pop-demand.schema.js';
import { rememberVerifiedPop } from '../resource-server/verified-pop-of.js';
import { incomingMessageOf } from './incoming-message-of.js';
import { defaultDemand, PopDemanded, PopExempt } from './pop-demanded.js';
import { PopRefusedException } from './pop-refused.exception.js';
import { PopResource } from './pop-resource.token.js';

/** What was admitted already: as `APP_GUARD` and by `@PopProtected()`, a route asks twice. */
const admitted = new WeakMap<IncomingMessage, { resource: PopResource; demand: PopDemand }>();

/** Asks the verifier, and tells Nest. Refuses what it cannot judge. */
@Injectable()
export class PopGuard implements CanActivate {
  constructor(
    @Inject(PopResource) private readonly resource: PopResource,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = [context.getHandler(), context.getClass()];
    // Nest's types know nothing of unmarked routes.
    const marker = this.reflector.getAllAndOverride(PopDemanded, marked) as PopDemand | undefined;
    const exempt = this.reflector.getAllAndOverride(PopExempt, marked) as true | undefined;
    if (marker === undefined && exempt === true) return true;
    if (context.getType() !== 'http') throw new Error('PopGuard protects HTTP handlers only.');

    const message = incomingMessageOf(context);
    const demand = marker ?? defaultDemand;
    const before = admitted.get(message);
    if (before?.resource === this.resource && before.demand === demand) return true;
    const { publicUrl, maxContentBytes, verifier } = this.resource;
    const content = await contentOf(message, maxContentBytes);
    const view = nodeRequestView(message, targetOf(message), publicUrl, content);
    const decision = await verifier.verify(view, demand);
    const response = serverResponseOf(context);
    if (!decision.admitted) {
      setFields(response, decision.response.headers);
      throw new PopRefusedException(decision.response, decision.rejection);
    }
    setFields(response, decision.headers);
    rememberVerifiedPop(message, decision.pop);
    admitted.set(message, { resource: this.resource, demand });
    return true;
  }
}

/** Express shortens `url` below a mount point and keeps the whole target beside it. */
function targetOf(message: IncomingMessage & { readonly originalUrl?: string }): string {
  return message.originalUrl ?? message.url ?? '';
}

function serverResponseOf(context: ExecutionContext): ServerResponse {
  const response = context.switchToHttp().getResponse<ServerResponse & { raw?: ServerResponse }>();
  return response.raw ?? response;
}
