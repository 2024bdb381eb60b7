import type { JsonObject, JsonValue } from '@keybound/core';
import type { ClaimRequest } from '../extension/authorization-request.js';
import type { UserInfoContext } from '../extension/contributor.js';
import type { ServerContext } from '../server/server-context.js';

/** What the server says itself of a login, whatever an account has under such a name. */
const ownClaims: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'azp', 'exp', 'nbf', 'iat', 'jti', 'cnf', 'events'],
  ...['nonce', 'at_hash', 'c_hash', 's_hash', 'auth_time', 'acr', 'amr', 'sid'],
]);

/**
 * The claims about a user that a client may see there: those of its scopes and of its `claims`
 * parameter at UserInfo, those of the `claims` parameter alone in an ID token (AS-177, AS-174).
 * Claims without a value are left out (OIDC-36). Undefined for a user who is gone.
 */
export async function releasedClaims(
  { accounts, configuration }: Pick<ServerContext, 'accounts' | 'configuration'>,
  { localSubject, scopes, claims: requested }: UserInfoContext,
  where: 'userinfo' | 'id_token',
): Promise<JsonObject | undefined> {
  const known = await accounts.claimsOf(localSubject);
  if (known === undefined) return undefined;
  const released = new Map<string, JsonValue>();
  const release = (name: string, request?: ClaimRequest): void => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (ownClaims.has(name) || isAbsent(value) || !isAskedFor(value, request)) return;
    released.set(name, value);
  };
  for (const [name, request] of Object.entries(requested?.[where] ?? {})) release(name, request);
  const granted = where === 'userinfo' ? scopes : [];
  for (const name of granted.flatMap((scope) => claimsOfScope(configuration.scopes, scope))) {
    release(name);
  }
  return Object.fromEntries(released);
}

function claimsOfScope(
  scopes: Readonly<Record<string, readonly string[]>>,
  scope: string,
): readonly string[] {
  return Object.hasOwn(scopes, scope) ? (scopes[scope] ?? []) : [];
}

function isAbsent(value: JsonValue | undefined): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

/** OpenID Connect Core §5.5.1: who asked for certain values is told nothing else. */
function isAskedFor(value: JsonValue, request: ClaimRequest | undefined): boolean {
  return request?.values?.some((wanted) => wanted === value) ?? true;
}
