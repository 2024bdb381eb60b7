import { loginScopes } from '../../authorization/requested-scopes.js';
import type { TokenRequest } from '../../extension/token-request.js';

/**
 * The scopes that a client may have on its own authority: those that it registered, or every scope of
 * the server where it registered none and names what it wants. No user logs in. AS-68.
 */
export function clientScopes(
  known: readonly string[],
  { client, parameters }: Pick<TokenRequest, 'client' | 'parameters'>,
): readonly string[] {
  const registered = client.metadata.scope?.split(' ');
  if (registered === undefined && parameters.one('scope') === undefined) return [];
  return known.filter(
    (scope) => !loginScopes.includes(scope) && (registered?.includes(scope) ?? true),
  );
}
