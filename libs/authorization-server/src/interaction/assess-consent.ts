import { isWithinOne } from '../authorization-details/is-within-one.js';
import type { AuthorizationRequest, ClaimsRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import type { RememberedConsent } from '../storage/grant-records.js';
import { grantableScopes } from './grantable-scopes.js';

/** Whether the user has to be asked. AS-25, OAuth 2.1 §7.3.1. */
export async function needsConsent(
  context: ServerContext,
  request: AuthorizationRequest,
  client: Client,
  localSubject: string,
): Promise<boolean> {
  if (asksEveryTime(request, client)) return true;
  if (client.standing === 'first-party') return false;
  const remembered = await context.stores.grants.findConsent(localSubject, client.id);
  return remembered === undefined || !covers(context, remembered, request, client);
}

/** Whether nothing that was allowed before can stand in for an answer. */
export function asksEveryTime(request: AuthorizationRequest, client: Client): boolean {
  return request.prompt?.includes('consent') === true || isImpersonable(request, client);
}

/** RFC 8252 §8.6: of an application without a claimed https redirect, nobody knows that it is the one. */
function isImpersonable(request: AuthorizationRequest, client: Client): boolean {
  return (
    client.metadata.application_type === 'native' && !request.redirectUri.startsWith('https://')
  );
}

/** Whether a request asks for no more than was allowed, and for the same resources' sake. */
function covers(
  context: ServerContext,
  remembered: RememberedConsent,
  request: AuthorizationRequest,
  client: Client,
): boolean {
  const types = context.extensions.authorizationDetailsTypes;
  return (
    isSubset(grantableScopes(request, client), remembered.scopes) &&
    coversResources(remembered.resources, request.resources) &&
    coversClaims(remembered.claims, request.claims) &&
    request.authorizationDetails.every((detail) =>
      isWithinOne(types, detail, remembered.authorizationDetails),
    )
  );
}

/** None named means the server's default, which is not among those that were. */
function coversResources(allowed: readonly string[], asked: readonly string[]): boolean {
  return asked.length === 0 ? allowed.length === 0 : isSubset(asked, allowed);
}

function coversClaims(
  allowed: ClaimsRequest | undefined,
  asked: ClaimsRequest | undefined,
): boolean {
  if (asked === undefined) return true;
  return (['userinfo', 'id_token'] as const).every((where) =>
    isSubset(Object.keys(asked[where]), Object.keys(allowed?.[where] ?? {})),
  );
}

function isSubset(asked: readonly string[], allowed: readonly string[]): boolean {
  const known = new Set(allowed);
  return asked.every((each) => known.has(each));
}
