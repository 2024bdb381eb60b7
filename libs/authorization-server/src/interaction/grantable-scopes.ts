import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';

/**
 * The scopes of a request that a user can be asked to grant.
 *
 * `offline_access` is dropped, as OpenID Connect Core §11 has it, where the client cannot refresh, or
 * where it is a web client that did not ask for consent and is not relaxed from doing so (AS-178).
 */
export function grantableScopes(request: AuthorizationRequest, client: Client): readonly string[] {
  return mayBeOffline(request, client)
    ? request.scopes
    : request.scopes.filter((scope) => scope !== 'offline_access');
}

function mayBeOffline(request: AuthorizationRequest, client: Client): boolean {
  const { metadata, relaxations } = client;
  if (!metadata.grant_types.includes('refresh_token')) return false;
  return (
    metadata.application_type === 'native' ||
    request.prompt?.includes('consent') === true ||
    relaxations.has('refresh-without-offline-access')
  );
}
