import type { AuthorizationServerOptions } from '@keybound/authorization-server';
import { guardedHttp } from '@keybound/core';
import type { AppParts } from '../app-parts.js';
import type { Users } from '../login/users.js';
import type { Settings } from '../settings/settings.js';
import { scopes } from './scopes.js';

/** Of MSAL, which names its key by the thumbprint alone. */
const msal = 'microsoft' as const;

/** How this app issues tokens, for its own API and for its own UserInfo. */
export function authorizationServerOptions(
  settings: Settings,
  parts: AppParts,
  users: Users,
): AuthorizationServerOptions {
  const { issuer, deployment, serverNonces } = settings;
  const api = `${issuer}/api`;
  return {
    deployment,
    issuer,
    loopbackIdentifiers: settings.loopbackIdentifiers,
    publicBaseUrl: issuer,
    stores: parts.stores,
    replay: { store: parts.replay },
    keys: parts.keys,
    accounts: users,
    webFinger: { hasAccount: (name) => users.has(name) },
    ...(parts.clients !== undefined && { clients: parts.clients }),
    scopes,
    resources: [
      {
        resource: api,
        firstParty: true,
        scopes: Object.keys(scopes),
        encryptionKey: parts.apiEncryption.publicJwk,
      },
    ],
    // A token that names no resource is good at the API and at UserInfo.
    defaultAudiences: [api, issuer],
    // Who asks for an unbound token gets one; the API refuses it, UserInfo does not.
    accessTokens: { requireProof: false },
    keyDistribution: {
      symmetric: settings.symmetricPop,
      dialects: ['kd-01', 'kd-07', ...(settings.shrProfile === 'microsoft' ? [msal] : [])],
    },
    registration: {
      access: 'open',
      dpopBoundByDefault: false,
      limit: { limit: 1_000, windowSeconds: 3_600 },
    },
    interactions: { url: (id) => `${issuer}/login/${id}` },
    nonces:
      serverNonces === 'off'
        ? { mode: 'off' }
        : { mode: 'required', secrets: [...parts.nonceSecrets] },
    http: guardedHttp({ allowLoopback: settings.loopbackFetch }),
    clock: parts.clock,
    audit: parts.audit,
  };
}
