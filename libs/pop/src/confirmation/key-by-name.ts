import {
  accept,
  importVerificationKey,
  isThumbprint,
  type JsonObject,
  type JsonValue,
  type Rejection,
  type Result,
  type VerificationKey,
} from '@keybound/core';
import { parseCnf } from './cnf-claim.js';
import { reject } from './rejections.js';

/**
 * Finds the key that an issuer means by a `kid`: application specific, so for the host to say. RFC
 * 7800 §3.4.
 *
 * @returns Its public JWK; undefined for a name that it does not know.
 * @throws UpstreamError, StoreUnavailableError
 */
export type KidResolver = (kid: string, issuer: string) => Promise<JsonObject | undefined>;

/** How a `cnf.kid` without a key is resolved, in this order. CNF-07. */
export interface KidPolicy {
  readonly resolver: KidResolver | undefined;
  /** Whether the request may carry the key of which `kid` is the thumbprint. */
  readonly cnfReference: boolean;
}

/** @param reference The top-level `cnf` of the signed request. Nobody vouches for it. */
export async function keyByName(
  kid: string,
  issuer: string,
  reference: JsonValue | undefined,
  { resolver, cnfReference }: KidPolicy,
): Promise<Result<VerificationKey, Rejection>> {
  const known = await resolver?.(kid, issuer);
  if (known !== undefined) return imported(known);
  if (!cnfReference) return reject('cnf.key', 'CNF-07', { actual: 'no such key' });
  if (!isThumbprint(kid)) return reject('cnf.key', 'CNF-07', { actual: 'not a thumbprint' });
  const carried = parseCnf(reference);
  const onlyJwk = carried.ok && carried.value.members.every((member) => member === 'jwk');
  if (!onlyJwk) return reject('cnf.key', 'CNF-07', { actual: 'no jwk in the request' });
  const key = await imported(carried.value.jwk);
  if (!key.ok || key.value.thumbprint === kid) return key;
  return reject('cnf.key', 'CNF-07', { expected: kid, actual: key.value.thumbprint });
}

async function imported(jwk: unknown): Promise<Result<VerificationKey, Rejection>> {
  const key = await importVerificationKey(jwk);
  return key.ok ? accept(key.value) : reject('cnf.key', 'CNF-04', { actual: key.failure });
}
