import { seconds, type JsonObject } from '@keybound/core';
import { parseCnf } from '../confirmation/cnf-claim.js';
import type { AccessTokenClaims } from './access-token-claims.schema.js';
import type { VerifiedAccessToken } from './verified-access-token.js';

/** For the verifiers of this folder alone, once they have checked everything that they vouch for. */
export function toVerifiedAccessToken(
  claims: Omit<AccessTokenClaims, 'iat'>,
  payload: JsonObject,
): VerifiedAccessToken {
  const names = claims.scope?.split(' ').filter((scope) => scope !== '');
  const scopes: ReadonlySet<string> = new Set(names);
  return {
    issuer: claims.iss,
    subject: claims.sub,
    clientId: claims.client_id ?? claims.azp,
    scopes,
    expiresAt: seconds(claims.exp),
    notBefore: claims.nbf === undefined ? undefined : seconds(claims.nbf),
    claims: payload,
    cnf: parseCnf(payload['cnf']),
  } as VerifiedAccessToken;
}
