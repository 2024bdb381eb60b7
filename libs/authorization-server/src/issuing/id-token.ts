import { leftHalfHash, signCompactJws, type JsonObject } from '@keybound/core';
import type { IssuingContext } from '../extension/contributor.js';
import type { Login } from '../extension/login.js';
import type { ServerContext } from '../server/server-context.js';
import { contributed } from './contributed.js';

/** What an ID token is made of, besides what contributors see. */
export interface IdTokenTerms {
  readonly login: Login | undefined;
  /** Of the authorization request; a refresh has none (AS-169). */
  readonly nonce: string | undefined;
  readonly maxAge: number | undefined;
  /** As issued beside it. */
  readonly accessToken: string;
  /** What the `claims` parameter asks for. AS-177. */
  readonly released: JsonObject;
}

/** Makes an ID token, signed as its client registered. OpenID Connect Core §2, §3.1.3.6. */
export async function makeIdToken(
  context: ServerContext,
  issuing: IssuingContext,
  { login, nonce, maxAge, accessToken, released }: IdTokenTerms,
): Promise<string> {
  const { client, sub, now } = issuing;
  const algorithm = client.metadata.id_token_signed_response_alg;
  const { lifetimeSeconds } = context.configuration.idTokens;
  const claims = {
    ...released,
    ...(await contributed(context.extensions.contributors, 'idTokenClaims', issuing)),
    iss: context.issuer,
    sub,
    aud: client.id,
    iat: now,
    exp: Math.min(now + lifetimeSeconds, client.expiresAt ?? Infinity),
    at_hash: leftHalfHash(accessToken, algorithm),
    ...(nonce !== undefined && { nonce }),
    ...(login !== undefined && loginClaims(login, tellsAuthTime(issuing, maxAge))),
  };
  const { kid, signer } = await context.keys.current(algorithm, now);
  return signCompactJws({ typ: 'JWT', kid }, claims, signer);
}

function loginClaims({ authTime, acr, amr, sid }: Login, withAuthTime: boolean): JsonObject {
  return {
    ...(withAuthTime && { auth_time: authTime }),
    ...(acr !== undefined && { acr }),
    ...(amr.length > 0 && { amr }),
    ...(sid !== undefined && { sid }),
  };
}

/** AS-163: where the client asks, with every request or with the one that began the grant. */
function tellsAuthTime(
  { client: { metadata }, claims }: IssuingContext,
  maxAge: number | undefined,
): boolean {
  return (
    maxAge !== undefined ||
    metadata.require_auth_time ||
    (claims !== undefined && Object.hasOwn(claims.id_token, 'auth_time'))
  );
}
