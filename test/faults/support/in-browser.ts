import type { WireAnswer } from '../../support/wire-answer.js';

/** What a browser saw, as what came over the wire. */
export async function inBrowser(
  response: Response,
): Promise<Pick<WireAnswer, 'status' | 'headers' | 'body'>> {
  return { status: response.status, headers: response.headers, body: await response.text() };
}
