import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { admitRequest } from '../node-http/admit-request.js';
import { setFields } from '../node-http/send-response.js';
import { incomingMessageOf } from './incoming-message-of.js';
import { PopRefusedException } from './pop-refused.exception.js';
import { PopResource } from './pop-resource.token.js';
import { RouteDemands } from './route-demands.js';

/** Asks the verifier, and tells Nest. Refuses what it cannot judge. */
@Injectable()
export class PopGuard implements CanActivate {
  private readonly demands: RouteDemands;

  constructor(
    @Inject(PopResource) private readonly resource: PopResource,
    @Inject(Reflector) reflector: Reflector,
  ) {
    this.demands = new RouteDemands(reflector);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const demand = this.demands.of(context);
    if (demand === 'exempt') return true;
    if (context.getType() !== 'http') throw new Error('PopGuard protects HTTP handlers only.');

    const message = incomingMessageOf(context);
    const decision = await admitRequest(message, targetOf(message), this.resource, demand);
    const response = serverResponseOf(context);
    if (!decision.admitted) {
      setFields(response, decision.response.headers);
      throw new PopRefusedException(decision.response, decision.rejection);
    }
    setFields(response, decision.headers);
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
