import { accept, refuse, type Result } from '../errors/result.js';
import { decodeBase64url } from './base64url.js';
import { isJsonObject, type JsonObject } from './parse-json.js';
import { isOfLowOrder } from './weak-ed25519-key.js';
import { weaknessOfRsaKey } from './weak-rsa-key.js';

/** A public signature key as a JWK that passed {@link parsePublicJwk}, without unknown members. */
export type PublicJwk = EcPublicJwk | OkpPublicJwk | RsaPublicJwk;

interface JwkMembers {
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: 'sig';
}

export interface EcPublicJwk extends JwkMembers {
  readonly kty: 'EC';
  readonly crv: 'P-256' | 'P-384' | 'P-521';
  readonly x: string;
  readonly y: string;
}

export interface OkpPublicJwk extends JwkMembers {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

export interface RsaPublicJwk extends JwkMembers {
  readonly kty: 'RSA';
  readonly crv?: never;
  readonly n: string;
  readonly e: string;
}

/** What is wrong with a key: a fixed word, safe to log. */
export type JwkProblem =
  | 'not an object'
  | 'private member'
  | 'key type'
  | 'member type'
  | 'curve'
  | 'coordinate'
  | 'point of low order'
  | 'RSA member'
  | 'RSA size'
  | 'RSA exponent'
  | 'RSA fingerprint of a known weakness'
  | 'use'
  | 'key_ops'
  | 'kid'
  | 'not a point';

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const coordinateLengths = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;
const maxKidLength = 256;

/**
 * Takes a JWK from outside apart. RFC 7517 §4, RFC 7518 §6, RFC 8037 §2.
 *
 * Every member is checked for type and canonical form before any engine sees it: WebCrypto reads a
 * one-element array as a string, and both engines accept padded coordinates, which would give one
 * key several thumbprints. Private members are refused by presence, not by value. Whether the point
 * is on its curve is found at import ({@link importVerificationKey}).
 */
export function parsePublicJwk(value: unknown): Result<PublicJwk, JwkProblem> {
  if (!isJsonObject(value)) return refuse('not an object');
  if (privateMembers.some((member) => Object.hasOwn(value, member)))
    return refuse('private member');
  const members = parseMembers(value);
  if (!members.ok) return members;
  switch (value['kty']) {
    case 'EC':
      return parseEc(value, members.value);
    case 'OKP':
      return parseOkp(value, members.value);
    case 'RSA':
      return parseRsa(value, members.value);
    default:
      return refuse('key type');
  }
}

function parseMembers(jwk: JsonObject): Result<JwkMembers, JwkProblem> {
  const { kid, alg, use, key_ops: operations } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    return refuse('kid');
  }
  if (alg !== undefined && typeof alg !== 'string') return refuse('member type');
  if (use !== undefined && use !== 'sig') return refuse('use');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return refuse('key_ops');
  }
  return accept({
    ...(kid !== undefined && { kid }),
    ...(alg !== undefined && { alg }),
    ...(use !== undefined && { use }),
  });
}

function parseEc(jwk: JsonObject, members: JwkMembers): Result<PublicJwk, JwkProblem> {
  const { crv, x, y } = jwk;
  if (crv !== 'P-256' && crv !== 'P-384' && crv !== 'P-521') return refuse('curve');
  const length = coordinateLengths[crv];
  if (!isOctets(x, length) || !isOctets(y, length)) return refuse('coordinate');
  return accept({ kty: 'EC', crv, x, y, ...members });
}

function parseOkp(jwk: JsonObject, members: JwkMembers): Result<PublicJwk, JwkProblem> {
  const { crv, x } = jwk;
  if (crv !== 'Ed25519') return refuse('curve');
  if (!isOctets(x, 32)) return refuse('coordinate');
  if (isOfLowOrder(x)) return refuse('point of low order');
  return accept({ kty: 'OKP', crv, x, ...members });
}

function parseRsa(jwk: JsonObject, members: JwkMembers): Result<PublicJwk, JwkProblem> {
  const { n, e } = jwk;
  if (typeof n !== 'string' || typeof e !== 'string') return refuse('RSA member');
  const modulus = decodeBase64url(n);
  const exponent = decodeBase64url(e);
  if (modulus === undefined || exponent === undefined) return refuse('RSA member');
  if (modulus[0] === 0 || exponent[0] === 0) return refuse('RSA member');
  const weakness = weaknessOfRsaKey(modulus, exponent);
  return weakness === undefined ? accept({ kty: 'RSA', n, e, ...members }) : refuse(weakness);
}

function isOctets(value: unknown, length: number): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === length;
}
