import { UpstreamError } from '../errors/faults.js';
import type { OutgoingHttp, OutgoingRequest } from '../outgoing-http/outgoing-http.js';
import type { KeySet } from './key-set.js';
import { bodyDepth, parseJsonObject } from './parse-json.js';
import { parseKeySet } from './parse-key-set.js';

export interface FetchedKeySet {
  readonly keys: KeySet;
  /** What the answer allows, in seconds; undefined where it says nothing. */
  readonly maxAgeSeconds: number | undefined;
}

/** How much one fetch may take, where less than the guard allows. */
export type FetchBounds = Pick<OutgoingRequest, 'maxBytes' | 'deadlineSeconds'>;

/**
 * Fetches and parses a JWK set. RFC 7517 §5.
 *
 * @throws UpstreamError when there is no answer, or none with a good set.
 */
export async function fetchKeySet(
  uri: string,
  http: OutgoingHttp,
  bounds: FetchBounds = {},
): Promise<FetchedKeySet> {
  const mediaTypes = ['application/jwk-set+json', 'application/json'];
  const { body, maxAgeSeconds } = await http.get(uri, { ...bounds, mediaTypes });
  const parsed = await parseKeySet(parseJsonObject(body, bodyDepth));
  if (!parsed.ok) throw new UpstreamError(`A remote JWK set cannot be used: ${parsed.failure}.`);
  return { keys: parsed.value.keys, maxAgeSeconds };
}
