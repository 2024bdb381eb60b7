import type { TokenRequest } from '../../extension/token-request.js';

/** These are about users, whom no such token concerns. */
const aboutUsers = new Set(['openid', 'offline_access']);

/**
 * The scopes that a client may have on its own authority: those that it registered, or every scope of
 * the server where it registered none and names what it wants. AS-68.
 */
export function clientScopes(
  known: readonly string[],
  { client, parameters }: Pick<TokenRequest, 'client' | 'parameters'>,
): readonly string[] {
  const registered = client.metadata.scope?.split(' ');
  if (registered === undefined && parameters.one('scope') === undefined) return [];
  return known.filter((scope) => !aboutUsers.has(scope) && (registered?.includes(scope) ?? true));
}
