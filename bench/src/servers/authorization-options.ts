import {
  generatedSigningKeys,
  type AuthorizationServerOptions,
  type SessionStore,
} from '@keybound/authorization-server';
import { seconds, systemClock } from '@keybound/core';
import { createHash } from 'node:crypto';
import {
  clientId,
  issuer,
  lifetimes,
  redirectUri,
  resource,
  resourceScope,
  subject,
  subjectName,
  type AuthorizationScenario,
} from '../authorization/scenario.js';
import { openPlace } from '../stores/open-place.js';
import type { StorePlace } from '../stores/store-place.js';
import { storesOf } from '../stores/stores-of.js';

/** As it comes, with one client and one user who is logged in; no log, as the peer keeps none. */
export async function authorizationOptions(
  scenario: AuthorizationScenario,
  place: StorePlace,
): Promise<AuthorizationServerOptions> {
  const open = await openPlace(place);
  const stores = storesOf(open);
  await logIn(stores.sessions, scenario);
  return {
    deployment: 'development',
    issuer,
    loopbackIdentifiers: true,
    stores,
    replay: { store: open.replay },
    keys: await generatedSigningKeys({ algorithms: ['ES256'] }),
    accounts: { claimsOf: async () => ({ name: subjectName }) },
    clients: [ownClient(scenario)],
    scopes: { profile: ['name'], [resourceScope]: [] },
    resources: [
      { resource, scopes: [resourceScope] },
      { resource: issuer, accessTokens: scenario.userInfoTokens },
    ],
    accessTokens: { lifetimeSeconds: lifetimes.accessToken },
    idTokens: { lifetimeSeconds: lifetimes.idToken },
    codes: { lifetimeSeconds: lifetimes.code },
    interactions: { url: (id) => `/login/${id}` },
    audit: { record: () => undefined },
  };
}

/** The user is not asked what the server's own clients may do. */
function ownClient({ clientJwk }: AuthorizationScenario) {
  return {
    client_id: clientId,
    standing: 'first-party' as const,
    metadata: {
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      jwks: { keys: [{ ...clientJwk, alg: 'ES256', use: 'sig' }] },
    },
  };
}

/** A browser in which the user is logged in. */
async function logIn(sessions: SessionStore, { session }: AuthorizationScenario): Promise<void> {
  const now = systemClock.now();
  await sessions.start(
    {
      hash: createHash('sha256').update(`session_${session}`).digest('base64url'),
      sid: 'sid_bench',
      subject,
      authTime: now,
      acr: undefined,
      amr: ['pwd'],
      clientIds: [],
      lastSeenAt: now,
      expiresAt: seconds(now + lifetimes.session),
    },
    undefined,
  );
}
