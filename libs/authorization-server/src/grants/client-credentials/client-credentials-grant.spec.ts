import { describe, expect, it } from '@jest/globals';
import {
  claimsIn,
  secretAuthentication,
  T0,
  testClients,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestServer,
  hash,
} from '@keybound/testing';
import type { AuthorizationServerOptions } from '../../index.js';

const start = (own: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ clients: undemandingClients, accessTokens: { requireProof: false }, ...own });

const ask = async ({ send }: TestServer, form: Form = {}) =>
  send(
    await tokenRequest(
      { grant_type: 'client_credentials', ...form },
      { headers: secretAuthentication },
    ),
  );

/** `secret-1`, with more metadata. */
function secretClient(metadata: Readonly<Record<string, unknown>>) {
  const configured = testClients.find(({ client_id }) => client_id === 'secret-1');
  if (configured === undefined) throw new TypeError('There is such a client.');
  const own = { ...configured.metadata, dpop_bound_access_tokens: false, ...metadata };
  return { ...configured, metadata: own };
}

describe('the client credentials grant', () => {
  it('AS-68 is for the client itself, without refresh token and ID token', async () => {
    const { json } = await ask(await start(), { scope: 'api:read' });
    expect(claimsIn(json['access_token'])).toMatchObject({
      sub: 'secret-1',
      client_id: 'secret-1',
    });
    expect(Object.keys(json)).toEqual(['access_token', 'token_type', 'expires_in', 'scope']);
  });

  it('AS-68 is not for public clients, also where one registered for it', async () => {
    const [configured] = undemandingClients;
    if (configured === undefined) throw new TypeError('There is a client.');
    const grant_types = ['authorization_code', 'client_credentials'];
    const metadata = { ...configured.metadata, grant_types };
    const server = await start({ clients: [{ ...configured, metadata }] });
    const form = { grant_type: 'client_credentials', client_id: 'public-1' };
    const answer = await server.send(await tokenRequest(form));
    expect([answer.status, answer.json['error']]).toEqual([400, 'unauthorized_client']);
  });

  it.each(['openid', 'offline_access', 'api:read openid', 'admin', 'API:READ'])(
    'AS-68 refuses the scope %s',
    async (scope) => {
      const client = secretClient({ scope: 'openid offline_access api:read' });
      const answer = await ask(await start({ clients: [client] }), { scope });
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_scope']);
    },
  );

  it('AS-68 gives a client the scopes that it registered, and no others', async () => {
    const server = await start({ clients: [secretClient({ scope: 'openid api:read' })] });
    expect((await ask(server)).json['scope']).toBe('api:read');
    const wider = await ask(server, { scope: 'api:write' });
    expect([wider.status, wider.json['error']]).toEqual([400, 'invalid_scope']);
  });

  it('AS-68 gives a client that registered none what it names, and nothing unnamed', async () => {
    const server = await start();
    expect((await ask(server)).json).not.toHaveProperty('scope');
    expect((await ask(server, { scope: 'api:write' })).json['scope']).toBe('api:write');
  });

  it('AS-68 gives a client the scopes of a resource that no claims belong to', async () => {
    const resource = 'https://orders.example';
    const server = await start({
      clients: [secretClient({ scope: 'orders:read orders:write' })],
      resources: [{ resource, scopes: ['orders:read'] }],
    });
    for (const form of [{}, { scope: 'orders:read' }]) {
      const { json } = await ask(server, { resource, ...form });
      expect(claimsIn(json['access_token'])).toMatchObject({ aud: resource, scope: 'orders:read' });
    }
    const unknown = await ask(server, { resource, scope: 'orders:write' });
    expect([unknown.status, unknown.json['error']]).toEqual([400, 'invalid_scope']);
  });

  it('AS-123 keeps a reference token, and hands out its name', async () => {
    const resource = 'https://reference.example';
    const server = await start({ resources: [{ resource, accessTokens: 'reference' }] });
    const { json } = await ask(server, { resource, scope: 'api:read' });
    const token = textIn(json, 'access_token');
    expect(token).toMatch(/^at_[\w-]{43}$/);
    expect(await server.stores.grants.findAccessToken(hash(token), T0)).toMatchObject({
      clientId: 'secret-1',
      grantId: undefined,
      expiresAt: T0 + 300,
      claims: { sub: 'secret-1', aud: resource, scope: 'api:read' },
    });
  });
});
