import { thumbprintOf, type PublicJwk } from '@keybound/core';

/** What a JWT says, as its resource server will read it; nothing is verified. */
export function claimsIn(jwt: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = jwt.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

/** The thumbprint of the key in an access token. */
export async function keyIn(accessToken: string): Promise<string> {
  const { jwk } = claimsIn(accessToken)['cnf'] as { readonly jwk: PublicJwk };
  return thumbprintOf(jwk);
}
