import type { JsonObject, Seconds } from '@keybound/core';
import { jsonAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import type { ConsumedGrant } from '../extension/grant.js';
import type { TokenBinding } from '../extension/token-binder.js';
import type { IssuedTokens, NarrowedGrant } from '../issuing/issue-tokens.js';

/** Everything that one request was granted. */
export interface Granted {
  readonly issued: IssuedTokens;
  readonly narrowed: NarrowedGrant;
  readonly binding: TokenBinding | undefined;
  readonly consumed: ConsumedGrant;
  readonly now: Seconds;
}

/**
 * The token response. OAuth 2.1 §3.2.3, RFC 9449 §5, RFC 9396 §7; AS-76.
 *
 * `scope` is named wherever there is one, also where it is what the client asked for; there is none
 * only where nothing but a login was asked for (`narrowGrant`).
 */
export function tokenAnswer(granted: Granted): EndpointAnswer {
  const { issued, narrowed, binding, consumed, now } = granted;
  const { scopes, authorizationDetails } = narrowed;
  const body = {
    ...issued.responseMembers,
    ...binding?.responseMembers,
    access_token: issued.accessToken.value,
    token_type: binding?.tokenType ?? 'Bearer',
    expires_in: issued.expiresAt - now,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(consumed.refreshToken !== undefined && { refresh_token: consumed.refreshToken }),
    ...(issued.idToken !== undefined && { id_token: issued.idToken }),
    ...(authorizationDetails.length > 0 && { authorization_details: authorizationDetails }),
  } satisfies JsonObject;
  return jsonAnswer(200, body, binding?.fields);
}
