import { isJsonObject, type JsonObject, type JsonValue } from '@keybound/core';
import type { OwnAccessToken } from './own-access-token.js';

/** How much of a token a caller may see. */
export interface TokenView {
  readonly scopes: readonly string[];
  readonly authorizationDetails: JsonValue | undefined;
}

/**
 * The response about an active access token: its claims, the binding among them at top level, and its
 * type. RFC 7662 §2.2, RFC 9449 §6.2, RFC 9201 §5, RFC 9396 §9.2, AS-144, CNF-15, KD-10.
 *
 * @param view What to tell of the claims that differ between audiences; all of it where absent.
 */
export function accessTokenAnswer({ claims }: OwnAccessToken, view?: TokenView): JsonObject {
  const { grant_id: _ours, scope, authorization_details: details, ...told } = claims;
  const scopes = view === undefined ? scope : view.scopes.join(' ');
  const shown = view === undefined ? details : view.authorizationDetails;
  return {
    active: true,
    ...told,
    token_type: tokenTypeOf(claims['cnf']),
    ...(scopes !== undefined && scopes !== '' && { scope: scopes }),
    ...(shown !== undefined && { authorization_details: shown }),
  };
}

/** As in the token response. DPOP-19, RFC 9201 §5; a token bound to a certificate is a Bearer token. */
function tokenTypeOf(cnf: JsonValue | undefined): 'DPoP' | 'pop' | 'Bearer' {
  if (!isJsonObject(cnf)) return 'Bearer';
  if (Object.hasOwn(cnf, 'jkt')) return 'DPoP';
  return ['jwk', 'jwe', 'jku', 'kid'].some((member) => Object.hasOwn(cnf, member))
    ? 'pop'
    : 'Bearer';
}
