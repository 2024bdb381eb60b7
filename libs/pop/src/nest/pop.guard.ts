import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeRequestView } from '../node-http/node-request-view.js';
import { setFields } from '../node-http/send-response.js';
import { rememberVerifiedPop } from '../resource-server/verified-pop-of.js';
import { incomingMessageOf } from './incoming-message-of.js';
import { defaultDemand, PopDemanded, PopExempt } from './pop-demanded.js';
import { PopRefusedException } from './pop-refused.exception.js';
import { PopResource } from './pop-resource.token.js';

/** Asks the verifier, and tells Nest. Refuses what it cannot judge. */
@Injectable()
export class PopGuard implements CanActivate {
  constructor(
    @Inject(PopResource) private readonly resource: PopResource,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = [context.getHandler(), context.getClass()];
    const demand = this.reflector.getAllAndOverride(PopDemanded, marked);
    if (demand === undefined && this.reflector.getAllAndOverride(PopExempt, marked)) return true;
    if (context.getType() !== 'http') throw new Error('PopGuard protects HTTP handlers only.');

    const message = incomingMessageOf(context);
    const view = nodeRequestView(message, targetOf(message), this.resource.publicUrl);
    const decision = await this.resource.verifier.verify(view, demand ?? defaultDemand);
    const response = serverResponseOf(context);
    if (!decision.admitted) {
      setFields(response, decision.response.headers);
      throw new PopRefusedException(decision.response, decision.rejection);
    }
    setFields(response, decision.headers);
    rememberVerifiedPop(message, decision.pop);
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
