import { accept, type Rejection, type Result } from '@keybound/core';
import type { BoundRequest } from '../binding/bind-token.js';
import type { PeekedGrant } from '../extension/grant.js';
import type { TokenBinding } from '../extension/token-binder.js';
import type { TokenRequest } from '../extension/token-request.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * Whether a token may be issued with this binding, or without one. What was stolen is judged first: a
 * code or a refresh token of another key is `invalid_grant`, with a proof of a wrong key and without
 * any (DPOP-16, DPOP-37).
 *
 * @returns The binding of the token: that of the request, or the one that a refresh keeps (KD-21).
 */
export function checkBinding(
  context: Pick<ServerContext, 'configuration' | 'dpop'>,
  request: TokenRequest,
  grant: PeekedGrant,
  { binding: asked, provenKeys }: BoundRequest,
): Result<TokenBinding | undefined, Rejection> {
  const { boundTo } = grant;
  if (boundTo !== undefined && !provenKeys.includes(boundTo)) {
    const requirement = request.grantType === 'refresh_token' ? 'DPOP-16' : 'DPOP-37';
    const actual = provenKeys[0] ?? 'no proof';
    return reject('token.other_key', requirement, { expected: boundTo, actual });
  }
  const binding = keptBinding(grant, asked) ?? asked;
  const registered = checkRegistration(context, request, binding);
  if (!registered.ok) return registered;
  if (binding !== undefined) return accept(binding);
  if (grant.mustBeBound) return rejectUnbound(context, 'AS-75');
  const { requireProof } = context.configuration.accessTokens;
  const relaxed = request.client.relaxations.has('unbound-access-tokens');
  return requireProof && !relaxed ? rejectUnbound(context, 'AS-77') : accept(undefined);
}

/**
 * KD-21: the key of the token before stays, where the request names no other. A proof of that same key
 * names none, and shows only who refreshes; without one, possession is shown when the token is used.
 */
function keptBinding(
  { previousBinding }: PeekedGrant,
  asked: TokenBinding | undefined,
): TokenBinding | undefined {
  if (previousBinding === undefined) return undefined;
  const { uses = [], fields = [] } = asked ?? {};
  const sameKey =
    asked?.possession === 'proven' &&
    asked.thumbprint !== undefined &&
    asked.thumbprint === previousBinding.thumbprint;
  if (asked !== undefined && !sameKey) return undefined;
  return { ...previousBinding, possession: 'asked', responseMembers: {}, uses, fields };
}

/** What the client said once and for all. DPOP-29, KD-02. */
function checkRegistration(
  { dpop }: Pick<ServerContext, 'dpop'>,
  { client: { metadata }, view }: TokenRequest,
  binding: TokenBinding | undefined,
): Result<undefined, Rejection> {
  const hasProof = dpop !== undefined && view.headerValues('dpop').length > 0;
  if (metadata.dpop_bound_access_tokens && !hasProof) return reject('token.no_proof', 'DPOP-29');
  if (metadata.pop_bound_access_tokens && binding?.tokenType !== 'pop') {
    return reject('token.not_pop', 'KD-02', { actual: binding?.tokenType ?? 'no key' });
  }
  return accept(undefined);
}

/** A client is told of the proof that it could have sent, where the server takes such proofs. */
function rejectUnbound({ dpop }: Pick<ServerContext, 'dpop'>, requirement: 'AS-75' | 'AS-77') {
  return reject(dpop === undefined ? 'token.unbound' : 'token.no_proof', requirement);
}
