import {
  sha256Base64url,
  signCompactJws,
  splitHttpUrl,
  type PublicJwk,
  type Seconds,
  type Signer,
} from '@keybound/core';

/** What a DPoP proof is made for. */
export interface DpopProofInput {
  readonly method: string;
  /** The absolute URL; query and fragment are left out of the proof. */
  readonly url: string;
  /** At a resource server, the token that travels with the proof. */
  readonly accessToken?: string;
  /** The newest nonce that this server handed out. */
  readonly nonce?: string;
  readonly issuedAt: Seconds;
}

/**
 * Makes a DPoP proof, a fresh one for every request. RFC 9449 §4.2.
 *
 * @throws TypeError for a URL that is not absolute http(s).
 */
export async function makeDpopProof(input: DpopProofInput, signer: Signer): Promise<string> {
  const url = splitHttpUrl(input.url);
  if (url === undefined) throw new TypeError('A DPoP proof needs an absolute http(s) URL.');
  return signCompactJws(
    { typ: 'dpop+jwt', jwk: keyMembers(signer.publicJwk) },
    {
      jti: crypto.randomUUID(),
      htm: input.method,
      htu: url.origin + (url.path === '' ? '/' : url.path),
      iat: input.issuedAt,
      ...(input.accessToken !== undefined && { ath: await sha256Base64url(input.accessToken) }),
      ...(input.nonce !== undefined && { nonce: input.nonce }),
    },
    signer,
  );
}

/** The members that make the key, without `kid`, `alg` or `use`. */
function keyMembers(jwk: PublicJwk): Record<string, string> {
  switch (jwk.kty) {
    case 'EC':
      return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
    case 'OKP':
      return { kty: jwk.kty, crv: jwk.crv, x: jwk.x };
    case 'RSA':
      return { kty: jwk.kty, n: jwk.n, e: jwk.e };
  }
}
