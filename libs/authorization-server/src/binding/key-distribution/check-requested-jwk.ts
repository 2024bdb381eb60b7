import {
  importVerificationKey,
  type JsonObject,
  type JwkProblem,
  type Rejection,
  type Result,
  type VerificationKey,
} from '@keybound/core';
import { reject } from './rejections.js';

/** What is sound perhaps, and too weak or too unusual for any resource here. RFC 9200 §5.8.3. */
const weaknesses: ReadonlySet<JwkProblem> = new Set([
  'RSA size',
  'RSA exponent',
  'RSA fingerprint of a known weakness',
  'point of low order',
]);

/** A key that a client showed, parsed and on its curve. KD-14, KD-15, KD-17. */
export async function checkRequestedJwk(
  jwk: JsonObject,
): Promise<Result<VerificationKey, Rejection>> {
  if (jwk['kty'] === 'oct') {
    return reject('key_distribution.unsupported_key', 'KD-14', { actual: 'oct' });
  }
  const key = await importVerificationKey(jwk);
  if (key.ok) return key;
  return isUnsupported(key.failure, jwk)
    ? reject('key_distribution.unsupported_key', 'KD-15', { actual: key.failure })
    : reject('key_distribution.key', 'KD-17', { actual: key.failure });
}

/** A type or curve that is named, and not ours, is unsupported; one that is missing is malformed. */
function isUnsupported(problem: JwkProblem, { kty, crv }: JsonObject): boolean {
  if (problem === 'key type') return typeof kty === 'string';
  if (problem === 'curve') return typeof crv === 'string';
  return weaknesses.has(problem);
}
