import { accept, refuse, type Result } from '../errors/result.js';
import type { MacAlgorithmName } from './algorithms.js';
import { decodeBase64url } from './base64url.js';
import type { JwsAlgorithmName, JwsProblem, UnverifiedJws } from './compact-jws.js';
import { sha256Base64url } from './digest.js';
import { equalInConstantTime, hmacSha256 } from './message-authentication.js';
import { isJsonObject, type JsonObject } from './parse-json.js';
import type { Thumbprint } from './thumbprint.js';

/** What is wrong with a symmetric key: a fixed word, safe to log. */
export type MacKeyProblem =
  'not an object' | 'key type' | 'secret' | 'secret length' | 'alg' | 'use' | 'key_ops' | 'kid';

/** As long as the hash at least (RFC 7518 §3.2, SHR-33); no longer than any reason for it. */
const minOctets = 32;
const maxOctets = 256;
const maxKidLength = 256;

/**
 * A secret for HMAC-SHA-256 that two ends share. It never leaves: whoever logs the key logs its
 * thumbprint. Made only by {@link importMacKey}.
 */
export class MacKey {
  readonly #secret: Uint8Array;

  constructor(
    secret: Uint8Array,
    /** RFC 7638 §3.2. Tells nothing of a secret of 256 random bits (§7). */
    readonly thumbprint: Thumbprint,
  ) {
    this.#secret = secret;
  }

  /** How long it takes does not tell how much of the tag is right. */
  authenticates(data: string, tag: Uint8Array): boolean {
    return equalInConstantTime(hmacSha256(this.#secret, data), tag);
  }
}

/** Takes a symmetric JWK apart that came confidentially. RFC 7518 §6.4, RFC 7517 §4. */
export async function importMacKey(value: unknown): Promise<Result<MacKey, MacKeyProblem>> {
  if (!isJsonObject(value)) return refuse('not an object');
  const { kty, k, alg, use, key_ops: operations, kid } = value;
  if (kty !== 'oct') return refuse('key type');
  const secret = typeof k === 'string' && k.length <= 1_024 ? decodeBase64url(k) : undefined;
  if (secret === undefined) return refuse('secret');
  if (secret.length < minOctets || secret.length > maxOctets) return refuse('secret length');
  if (alg !== undefined && alg !== 'HS256') return refuse('alg');
  if (use !== undefined && use !== 'sig') return refuse('use');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return refuse('key_ops');
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    return refuse('kid');
  }
  const thumbprint = (await sha256Base64url(JSON.stringify({ k, kty }))) as Thumbprint;
  return accept(new MacKey(secret, thumbprint));
}

/** One under a signature is none for {@link verifyMac}, whatever the key. */
export function isMacJws(
  jws: UnverifiedJws<JwsAlgorithmName>,
): jws is UnverifiedJws<MacAlgorithmName> {
  return jws.header.algorithm === 'HS256';
}

/** One under a MAC is none for `verifySignature`, whatever the key. */
export function isSignatureJws(jws: UnverifiedJws<JwsAlgorithmName>): jws is UnverifiedJws {
  return jws.header.algorithm !== 'HS256';
}

/** Checks a MAC with exactly this key. RFC 7515 §5.2. @returns The claims, to be believed now. */
export function verifyMac(
  jws: UnverifiedJws<MacAlgorithmName>,
  key: MacKey,
): Result<JsonObject, JwsProblem> {
  return key.authenticates(jws.signingInput, jws.signature)
    ? accept(jws.unverifiedPayload)
    : refuse({ step: 'signature' });
}
