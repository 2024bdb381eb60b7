import type { IDToken } from 'openid-client';
import { UnusableTokenError } from '../token-response/unusable-token-error.js';
import type { BoundTokens } from './relying-party-options.js';

/**
 * Requires that the ID token of a refresh, if any, is about the same user and the same login.
 * OpenID Connect Core §12.2.
 *
 * Issuer, audience and signature are not checked here: `openid-client` does that.
 *
 * @throws UnusableTokenError for another `sub`, or another `auth_time` where both tokens have one.
 */
export function requireSameLogin(
  claims: IDToken | undefined,
  { subject, authenticatedAt }: BoundTokens,
): void {
  if (claims === undefined) return;
  const { sub, auth_time: newlyAt } = claims;
  if (sub !== subject) throw new UnusableTokenError('The new ID token is about another user.');
  if (newlyAt === undefined || authenticatedAt === undefined || newlyAt === authenticatedAt) return;
  throw new UnusableTokenError('The new ID token is about another login.');
}
