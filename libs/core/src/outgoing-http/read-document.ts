import type { Dispatcher } from 'undici';
import type { OutgoingDocument } from './outgoing-http.js';
import { parseMaxAge } from './parse-max-age.js';

/**
 * Takes a response if it is a plain 200 of an asked type and size. THR-14, THR-15.
 *
 * Coded content is refused rather than inflated: none was asked for, so the octets that are counted
 * are the octets that there are.
 *
 * @param maxBytes Most octets of content; one more ends the reading.
 * @throws Error that names what is wrong, for the log.
 */
export async function readDocument(
  response: Dispatcher.ResponseData,
  mediaTypes: readonly string[],
  maxBytes: number,
): Promise<OutgoingDocument> {
  const field = (name: string) => fieldOf(response, name);
  if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}`);
  const coding = field('content-encoding').toLowerCase();
  if (coding !== '' && coding !== 'identity') throw new Error('content coding');
  const mediaType = field('content-type').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!mediaTypes.includes(mediaType)) throw new Error('media type');
  if (Number(field('content-length')) > maxBytes) throw new Error('size');
  return {
    body: await readBody(response.body, maxBytes),
    maxAgeSeconds: parseMaxAge(field('cache-control')),
  };
}

/** A field's value; repeated ones are joined, so that a doubled `Content-Type` fits nothing. */
function fieldOf(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new Error('size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
