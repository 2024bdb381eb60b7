import { encodeBase64url } from '#platform';

/** A symmetric key as a JWK. Whoever has it can sign with it: never in what is only signed. RFC 7800 §3.2. */
export interface OctJwk {
  readonly kty: 'oct';
  readonly alg: 'HS256';
  readonly k: string;
}

/** A secret of 256 random bits for HS256, the least that RFC 7518 §3.2 allows, and no more is of use. */
export function freshMacKey(): OctJwk {
  const k = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
  return { kty: 'oct', alg: 'HS256', k };
}
