import { accept, refuse, type Result } from '../errors/result.js';
import { KeySet } from './key-set.js';
import { isJsonObject } from './parse-json.js';
import type { JwkProblem } from './public-jwk.js';
import { importVerificationKey } from './verification-key.js';

/** Why a JWK set is refused as a whole: a fixed word, safe to log. */
export type KeySetProblem =
  | 'not a key set'
  | 'too many keys'
  | 'private or symmetric key'
  | 'duplicate kid'
  | 'no usable key';

export interface ParsedKeySet {
  readonly keys: KeySet;
  /** What was left out, and why: keys for encryption, of unknown types, weak or malformed ones. */
  readonly unusable: readonly UnusableKey[];
}

export interface UnusableKey {
  /** Its place in `keys`, from 0. */
  readonly index: number;
  readonly problem: JwkProblem;
}

const maxKeys = 100;

/**
 * Parses a JWK set from outside. RFC 7517 §5, THR-11, THR-63.
 *
 * A key that cannot be used is left out, as the RFC asks; a private or symmetric one means that the
 * set is leaked or forged, and two keys of one name that nobody knows which is meant: either refuses
 * the whole set.
 */
export async function parseKeySet(document: unknown): Promise<Result<ParsedKeySet, KeySetProblem>> {
  const members: unknown = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(members)) return refuse('not a key set');
  if (members.length > maxKeys) return refuse('too many keys');
  if (members.some((member) => isJsonObject(member) && member['kty'] === 'oct')) {
    return refuse('private or symmetric key');
  }

  const outcomes = await Promise.all(members.map(importVerificationKey));
  const keys = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const unusable = outcomes.flatMap((outcome, index) =>
    outcome.ok ? [] : [{ index, problem: outcome.failure }],
  );
  if (unusable.some(({ problem }) => problem === 'private member')) {
    return refuse('private or symmetric key');
  }
  const kids = keys.flatMap(({ jwk }) => (jwk.kid === undefined ? [] : [jwk.kid]));
  if (new Set(kids).size < kids.length) return refuse('duplicate kid');
  return keys.length === 0 ? refuse('no usable key') : accept({ keys: new KeySet(keys), unusable });
}
