import { accept, type Rejection, type Result } from '@keybound/core';
import { knownScopes } from '../../authorization/requested-scopes.js';
import type { ConsumedGrant, Issuance, PeekedGrant } from '../../extension/grant.js';
import type { TokenRequest } from '../../extension/token-request.js';
import type { BuiltIn, ServerContext } from '../../server/server-context.js';
import { clientDetails } from './client-details.js';
import { clientScopes } from './client-scopes.js';

/** The client credentials grant: a client on its own authority, without a refresh token. OAuth 2.1 §4.2. */
export const clientCredentialsGrant: BuiltIn = (context) => {
  const known = [...knownScopes(context.configuration)];
  return {
    grantTypes: [
      {
        grantType: 'client_credentials',
        publicClients: false,
        async peek(request) {
          return peek(context, known, request);
        },
      },
    ],
  };
};

function peek(
  context: ServerContext,
  known: readonly string[],
  request: TokenRequest,
): Result<PeekedGrant, Rejection> {
  const details = clientDetails(context.extensions.authorizationDetailsTypes, request);
  if (!details.ok) return details;
  return accept({
    grantId: undefined,
    subject: { kind: 'client' },
    scopes: clientScopes(known, request),
    resources: [],
    authorizationDetails: details.value,
    claims: undefined,
    nonce: undefined,
    boundTo: undefined,
    mustBeBound: false,
    previousBinding: undefined,
    expiresAt: undefined,
    idToken: false,
    slots: {},
    consume: (issuance) => consume(context, issuance),
  });
}

/** Nothing is used up; a reference token alone needs to be kept. */
async function consume(
  { stores }: ServerContext,
  { accessToken, now }: Issuance,
): Promise<Result<ConsumedGrant, Rejection>> {
  if (accessToken !== undefined) await stores.grants.saveAccessToken(accessToken, now);
  return accept({ refreshToken: undefined });
}
