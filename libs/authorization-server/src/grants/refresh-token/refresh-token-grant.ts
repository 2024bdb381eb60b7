import { accept, type Rejection, type Result } from '@keybound/core';
import type { ConsumedGrant, Issuance, PeekedGrant } from '../../extension/grant.js';
import type { BuiltIn, ServerContext } from '../../server/server-context.js';
import { allowanceOf } from '../allowance-of.js';
import { recordReuse } from '../record-reuse.js';
import { reject } from '../rejections.js';
import { findRefreshToken, type FoundRefreshToken } from './find-refresh-token.js';
import { bindingToKeep, idleEnd, successorOf } from './new-refresh-token.js';

/** The refresh token grant. OAuth 2.1 §4.3, RFC 9700 §4.14. */
export const refreshTokenGrant: BuiltIn = (context) => ({
  grantTypes: [
    {
      grantType: 'refresh_token',
      publicClients: true,
      async peek(request) {
        const found = await findRefreshToken(context, request);
        return found.ok ? accept(peeked(context, found.value)) : found;
      },
    },
  ],
});

function peeked(context: ServerContext, found: FoundRefreshToken): PeekedGrant {
  const { token, grant } = found;
  return {
    ...allowanceOf(grant),
    nonce: undefined,
    boundTo: token.boundTo,
    mustBeBound: token.mustBeBound,
    previousBinding: token.binding,
    consume: (issuance) => refresh(context, found, issuance),
  };
}

/** AS-70: it rotates exactly where neither a client's credential nor a key protects it. */
async function refresh(
  context: ServerContext,
  { token, grant }: FoundRefreshToken,
  issuance: Issuance,
): Promise<Result<ConsumedGrant, Rejection>> {
  const { request, accessToken, now } = issuance;
  const rotates = !request.authentication.confidential && token.boundTo === undefined;
  const successor = rotates ? await successorOf(context, grant, token, issuance) : undefined;
  const outcome = await context.stores.grants.useRefreshToken({
    hash: token.hash,
    successor: successor?.record,
    graceSeconds: context.configuration.refreshTokens.graceSeconds,
    idleExpiresAt: idleEnd(context, grant, now),
    binding: bindingToKeep(issuance),
    accessToken,
    now,
  });
  switch (outcome) {
    case 'refreshed':
      return accept({ refreshToken: successor?.token ?? request.parameters.one('refresh_token') });
    case 'reused':
      recordReuse(context, 'refresh_reuse', grant.id, request);
      return reject('refresh.reused', 'AS-71');
    case 'gone':
      return reject('refresh.unknown', 'AS-69');
  }
}
