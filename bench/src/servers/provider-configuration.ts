import type { KeyObject } from 'node:crypto';
import type { ClientMetadata, Configuration } from 'oidc-provider';
import {
  clientId,
  lifetimes,
  paths,
  redirectUri,
  resource,
  resourceScope,
  subjectName,
  type AuthorizationScenario,
} from '../authorization/scenario.js';
import { ProviderMemory } from './provider-memory.js';

/** oidc-provider as ours is set up: the same client, features, lifetimes and algorithms. */
export function providerConfiguration(
  scenario: AuthorizationScenario,
  signingKey: KeyObject,
): Configuration {
  return {
    adapter: () => new ProviderMemory(),
    clients: [registered(scenario)],
    jwks: {
      keys: [{ ...signingKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }],
    },
    scopes: ['openid', resourceScope],
    claims: { openid: ['sub'], profile: ['name'] },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, name: subjectName }),
    }),
    routes: { authorization: paths.authorization, token: paths.token, userinfo: paths.userInfo },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: resourceScope,
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    pkce: { required: () => true },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    ttl: {
      AccessToken: lifetimes.accessToken,
      ClientCredentials: lifetimes.accessToken,
      AuthorizationCode: lifetimes.code,
      IdToken: lifetimes.idToken,
      Grant: lifetimes.session,
      Session: lifetimes.session,
    },
    cookies: { keys: [] },
  };
}

function registered({ clientJwk }: AuthorizationScenario): ClientMetadata {
  return {
    client_id: clientId,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code', 'client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    dpop_bound_access_tokens: true,
    jwks: { keys: [{ ...clientJwk, alg: 'ES256', use: 'sig' }] },
  };
}
