import { accept, type Rejection, type Result } from '@keybound/core';
import type { AuthorizationServerConfiguration } from '../server/options.schema.js';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const longestScope = 8_192;

/**
 * What of `scope` the server knows and the client registered; the rest is ignored, unless nothing
 * remains. Order and repetition mean nothing. OAuth 2.1 §1.4.1, OpenID Connect Core §3.1.2.1.
 */
export function parseScopes(
  { configuration }: ServerContext,
  { parameters, client }: EffectiveRequest,
): Result<readonly string[], Rejection> {
  const scope = parameters.one('scope');
  if (scope === undefined) return accept([]);
  if (scope.length > longestScope) {
    return reject('authorization.scope', 'AS-12', { actual: String(scope.length) });
  }
  const known = knownScopes(configuration);
  const registered = client.metadata.scope;
  const allowed = registered === undefined ? known : new Set(registered.split(' '));
  const scopes = [...new Set(scope.split(' '))].filter(
    (name) => known.has(name) && allowed.has(name),
  );
  return scopes.length > 0
    ? accept(scopes)
    : reject('authorization.scope', 'AS-12', { actual: scope });
}

/** They ask for an ID token and for a refresh token; to an API they mean nothing. */
export const loginScopes: readonly string[] = ['openid', 'offline_access'];

/** Every scope that means something here: of OpenID Connect, of claims, of resources. */
export function knownScopes({
  scopes,
  resources,
}: AuthorizationServerConfiguration): ReadonlySet<string> {
  return new Set([
    ...loginScopes,
    ...Object.keys(scopes),
    ...resources.flatMap((resource) => resource.scopes ?? []),
  ]);
}
