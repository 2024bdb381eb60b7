import type { ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

/** Node's own request object, which Fastify wraps and Express extends. */
export function incomingMessageOf(context: ExecutionContext): IncomingMessage {
  const request = context.switchToHttp().getRequest<IncomingMessage & { raw?: IncomingMessage }>();
  return request.raw ?? request;
}
