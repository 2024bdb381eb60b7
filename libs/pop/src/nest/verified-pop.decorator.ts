import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { verifiedPopOf } from '../resource-server/verified-pop-of.js';
import type { VerifiedPop as VerifiedPopFacts } from '../resource-server/verified-pop.js';
import { incomingMessageOf } from './incoming-message-of.js';

/**
 * Hands a handler who sent the request, with which key, and what the proof covered. Throws on a
 * route that nothing protects.
 */
export const VerifiedPop = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  verifiedPopOf(incomingMessageOf(context)),
);
export type VerifiedPop = VerifiedPopFacts;
