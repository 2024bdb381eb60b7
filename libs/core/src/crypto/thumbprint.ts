import { sha256Base64url } from '#platform';
import type { PublicJwk } from './public-jwk.js';

declare const thumbprintBrand: unique symbol;

/** base64url of the SHA-256 thumbprint of a key: 43 characters. RFC 7638 §3. */
export type Thumbprint = string & { readonly [thumbprintBrand]: true };

const form = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export function isThumbprint(value: unknown): value is Thumbprint {
  return typeof value === 'string' && form.test(value);
}

/** The SHA-256 thumbprint of a key: only its required members, in lexicographic order. RFC 7638 §3. */
export async function thumbprintOf(jwk: PublicJwk): Promise<Thumbprint> {
  return (await sha256Base64url(requiredMembers(jwk))) as Thumbprint;
}

function requiredMembers(jwk: PublicJwk): string {
  switch (jwk.kty) {
    case 'EC':
      return JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
    case 'OKP':
      return JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x });
    case 'RSA':
      return JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n });
  }
}
