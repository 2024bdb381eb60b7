import { inMemoryStores, type AuthorizationServerOptions } from '@keybound/authorization-server';
import { InMemoryReplayStore } from '@keybound/core';
import { RecordedAudit } from '../recorded-audit.js';
import { scene, SettableClock } from '../scene.js';
import { sceneKeys } from './scene-keys.js';
import { testAccounts } from './test-accounts.js';
import { unreachableHttp } from './unreachable-http.js';
import { testClients } from './test-clients.js';

/** Options of the authorization server of the scene, with stores and an audit log of its own. */
export async function authorizationServerOptions(
  own: Partial<AuthorizationServerOptions> = {},
): Promise<AuthorizationServerOptions> {
  const { clock = new SettableClock() } = own;
  return {
    deployment: 'development',
    issuer: scene.issuer,
    stores: inMemoryStores(),
    replay: { store: new InMemoryReplayStore() },
    keys: await sceneKeys(),
    accounts: testAccounts,
    clients: [...testClients],
    scopes: {
      profile: ['name', 'preferred_username', 'updated_at'],
      email: ['email', 'email_verified'],
      'api:read': [],
      'api:write': [],
    },
    resources: [{ resource: scene.resource }],
    interactions: { url: (id) => `${scene.issuer}/interaction/${id}` },
    audit: new RecordedAudit(),
    clock,
    http: unreachableHttp,
    ...own,
  };
}
