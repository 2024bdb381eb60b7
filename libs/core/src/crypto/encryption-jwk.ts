import { accept, refuse, type Result } from '../errors/result.js';
import { decodeBase64url } from './base64url.js';
import { isJsonObject, type JsonObject } from './parse-json.js';
import type { JwkProblem } from './public-jwk.js';
import { weaknessOfRsaKey } from './weak-rsa-key.js';

/**
 * How the key of a JWE is agreed on or wrapped. RFC 7518 §4.1, RFC 8725 §3.2. RSA1_5 is not among
 * them, for what its padding tells, nor PBES2, for what a hostile `p2c` costs.
 */
export const keyManagementAlgorithms = {
  'RSA-OAEP-256': ['RSA'],
  'ECDH-ES': ['EC', 'OKP'],
  'ECDH-ES+A128KW': ['EC', 'OKP'],
  'ECDH-ES+A192KW': ['EC', 'OKP'],
  'ECDH-ES+A256KW': ['EC', 'OKP'],
} as const satisfies Record<string, readonly string[]>;
export type KeyManagementAlgorithm = keyof typeof keyManagementAlgorithms;

/** The public part of a key to encrypt for, without unknown members. */
export interface EncryptionJwk {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly kid?: string;
  /** The only algorithm that it may be used with. */
  readonly alg?: KeyManagementAlgorithm;
}

const coordinateLengths = new Map([
  ['EC P-256', 32],
  ['EC P-384', 48],
  ['EC P-521', 66],
  ['OKP X25519', 32],
]);
const maxKidLength = 256;

/** Takes the public members of an encryption key apart; private ones are for the caller to judge. */
export function parseEncryptionJwk(value: unknown): Result<EncryptionJwk, JwkProblem> {
  if (!isJsonObject(value)) return refuse('not an object');
  const { kty, kid, alg, use } = value;
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return refuse('key type');
  if (use !== undefined && use !== 'enc') return refuse('use');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    return refuse('kid');
  }
  const algorithm = algorithmsFor({ kty }).find((name) => name === alg);
  if (alg !== undefined && algorithm === undefined) return refuse('member type');
  const material = kty === 'RSA' ? parseRsa(value) : parseCurve(kty, value);
  if (!material.ok) return material;
  return accept({
    kty,
    ...material.value,
    ...(kid !== undefined && { kid }),
    ...(algorithm !== undefined && { alg: algorithm }),
  });
}

/** What a key may be used with: its own `alg`, or whatever fits its type. */
export function algorithmsFor(
  jwk: Pick<EncryptionJwk, 'kty' | 'alg'>,
): readonly KeyManagementAlgorithm[] {
  if (jwk.alg !== undefined) return [jwk.alg];
  const names = Object.keys(keyManagementAlgorithms) as KeyManagementAlgorithm[];
  return names.filter((name) =>
    (keyManagementAlgorithms[name] as readonly string[]).includes(jwk.kty),
  );
}

function parseRsa({ n, e }: JsonObject): Result<{ n: string; e: string }, JwkProblem> {
  if (typeof n !== 'string' || typeof e !== 'string') return refuse('RSA member');
  const modulus = decodeBase64url(n);
  const exponent = decodeBase64url(e);
  if (modulus === undefined || exponent === undefined) return refuse('RSA member');
  if (modulus[0] === 0 || exponent[0] === 0) return refuse('RSA member');
  const weakness = weaknessOfRsaKey(modulus, exponent);
  return weakness === undefined ? accept({ n, e }) : refuse(weakness);
}

function parseCurve(
  kty: 'EC' | 'OKP',
  { crv, x, y }: JsonObject,
): Result<{ crv: string; x: string; y?: string }, JwkProblem> {
  const length = typeof crv === 'string' ? coordinateLengths.get(`${kty} ${crv}`) : undefined;
  if (typeof crv !== 'string' || length === undefined) return refuse('curve');
  if (!isOctets(x, length)) return refuse('coordinate');
  if (kty === 'OKP') return accept({ crv, x });
  return isOctets(y, length) ? accept({ crv, x, y }) : refuse('coordinate');
}

function isOctets(value: unknown, length: number): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === length;
}
