import type { AuthorizationServer } from '@keybound/authorization-server';
import { isJsonObject, seconds, signCompactJws, type JsonObject } from '@keybound/core';
import { hash, type Flaw } from '../messages.js';
import { randomName } from '../random-name.js';
import { T0 } from '../scene.js';

type Issuer = Pick<AuthorizationServer, 'services'>;

/** A JWT access token as the server issued it at T0: to `secret-1`, for alice and the server itself. */
export async function issuedJwt(
  { services }: Issuer,
  own: Flaw = {},
  header: Flaw = {},
): Promise<string> {
  const { kid, signer } = await services.keys.current('ES256', services.clock.now());
  return signCompactJws({ typ: 'at+jwt', kid, ...header }, claimsOf(services.issuer, own), signer);
}

/** The same as a reference token. */
export async function issuedReference({ services }: Issuer, own: Flaw = {}): Promise<string> {
  const token = `at_${randomName()}`;
  const claims = claimsOf(services.issuer, own);
  const { grant_id: grantId } = claims;
  await services.stores.grants.saveAccessToken({
    hash: hash(token),
    jti: claims['jti'] as string,
    grantId: typeof grantId === 'string' ? grantId : undefined,
    clientId: claims['client_id'] as string,
    claims,
    expiresAt: seconds(claims['exp'] as number),
  });
  return token;
}

function claimsOf(issuer: string, own: Flaw): JsonObject {
  const claims: unknown = JSON.parse(
    JSON.stringify({
      iss: issuer,
      sub: 'alice',
      aud: issuer,
      client_id: 'secret-1',
      scope: 'openid',
      jti: `token_${randomName()}`,
      iat: T0,
      exp: T0 + 300,
      ...own,
    }),
  );
  if (!isJsonObject(claims)) throw new TypeError('Not claims.');
  return claims;
}
