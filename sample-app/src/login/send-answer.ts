import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Answer } from './page.js';

/** @param response As the adapter hands it out. */
export function sendAnswer(
  adapter: AbstractHttpAdapter,
  response: unknown,
  { status, headers, body }: Answer,
): void {
  for (const [name, value] of headers) adapter.setHeader(response, name, value);
  adapter.reply(response, body, status);
}
