import { accept, type Rejection, type Result } from '@keybound/core';
import type { ConsumedGrant, Issuance, PeekedGrant } from '../../extension/grant.js';
import type { BuiltIn, ServerContext } from '../../server/server-context.js';
import { allowanceOf } from '../allowance-of.js';
import { recordReuse } from '../record-reuse.js';
import { newRefreshToken } from '../refresh-token/new-refresh-token.js';
import { reject } from '../rejections.js';
import { findCode, type FoundCode } from './find-code.js';
import { givesRefreshToken } from './gives-refresh-token.js';

/** The authorization code grant. OAuth 2.1 §4.1.3. */
export const authorizationCodeGrant: BuiltIn = (context) => ({
  grantTypes: [
    {
      grantType: 'authorization_code',
      publicClients: true,
      async peek(request) {
        const found = await findCode(context, request);
        return found.ok ? accept(peeked(context, found.value)) : found;
      },
    },
  ],
});

function peeked(context: ServerContext, found: FoundCode): PeekedGrant {
  const { code, grant } = found;
  return {
    ...allowanceOf(grant),
    nonce: code.nonce,
    boundTo: code.dpopJkt,
    mustBeBound: false,
    previousBinding: undefined,
    slots: { ...grant.slots, ...code.slots },
    consume: (issuance) => redeem(context, found, issuance),
  };
}

async function redeem(
  context: ServerContext,
  { code, grant }: FoundCode,
  issuance: Issuance,
): Promise<Result<ConsumedGrant, Rejection>> {
  const { request, accessToken, now } = issuance;
  const refresh = givesRefreshToken(request.client, grant)
    ? await newRefreshToken(context, grant, issuance)
    : undefined;
  const issued = { refreshToken: refresh?.record, accessToken };
  const outcome = await context.stores.grants.redeemCode(code.hash, issued, now);
  switch (outcome) {
    case 'redeemed':
      return accept({ refreshToken: refresh?.token });
    case 'reused':
      recordReuse(context, 'code_reuse', grant.id, request);
      return reject('code.reused', 'AS-64');
    case 'gone':
      return reject('code.unknown', 'AS-17');
  }
}
