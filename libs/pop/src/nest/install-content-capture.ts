import type { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { captureContent } from '../node-http/capture-content.js';

interface ExpressLike {
  use(
    handler: (
      request: IncomingMessage,
      response: ServerResponse,
      next: (error?: unknown) => void,
    ) => void,
  ): void;
}

interface FastifyLike {
  addHook(
    name: 'preParsing',
    hook: (request: { raw: IncomingMessage }, reply: unknown, payload: unknown) => Promise<unknown>,
  ): void;
}

/**
 * Puts the capture in front of Nest's body parsers, which are registered only once every provider
 * has been built. An application without HTTP has nothing to capture.
 */
export function installContentCapture({ httpAdapter }: HttpAdapterHost, maxBytes: number): void {
  if ((httpAdapter as unknown) === undefined || (httpAdapter as unknown) === null) return;
  if (httpAdapter.getType() === 'fastify') {
    httpAdapter
      .getInstance<FastifyLike>()
      .addHook('preParsing', async ({ raw }, _reply, payload) => {
        await captureContent(raw, maxBytes);
        return payload;
      });
    return;
  }
  httpAdapter.getInstance<ExpressLike>().use((request, _response, next) => {
    captureContent(request, maxBytes).then(() => {
      next();
    }, next);
  });
}
