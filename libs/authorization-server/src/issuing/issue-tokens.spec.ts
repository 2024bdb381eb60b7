import { describe, expect, it } from '@jest/globals';
import { accept, seconds } from '@keybound/core';
import {
  claimsIn,
  clientKey,
  codeForm,
  hash,
  headerOf,
  jkt,
  refreshForm,
  savedCode,
  scene,
  T0,
  testClients,
  testPlugIn,
  testServer,
  textIn,
  tokenRequest,
  type Form,
  type TestServer,
} from '@keybound/testing';
import { decoyClient } from '../client-authentication/decoy-client.js';
import type { Client } from '../extension/client.js';
import type { AuthorizationServerOptions, CodeRecord, GrantRecord } from '../index.js';

async function issued(
  server: TestServer,
  grant: Partial<GrantRecord> = {},
  code: Partial<CodeRecord> = {},
  form: Form = {},
) {
  const value = await savedCode(server.stores.grants, grant, code);
  return server.send(await tokenRequest(codeForm(value, form), { proofBy: clientKey }));
}

/** `public-1`, with more metadata. */
function startWith(metadata: Readonly<Record<string, unknown>>) {
  const [configured] = testClients;
  if (configured === undefined) throw new TypeError('There is a client.');
  return testServer({
    clients: [{ ...configured, metadata: { ...configured.metadata, ...metadata } }],
  });
}

describe('an access token', () => {
  it('AS-120 has the header and the claims of RFC 9068, and the grant it came from', async () => {
    const server = await testServer();
    const login = { authTime: seconds(T0 - 30), acr: 'high', amr: ['pwd', 'otp'], sid: 'sid-1' };
    const { json } = await issued(server, { id: 'grant_1', login });
    expect(headerOf(json['access_token'])).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(claimsIn(json['access_token'])).toEqual({
      iss: scene.issuer,
      sub: 'alice',
      aud: scene.issuer,
      client_id: 'public-1',
      iat: T0,
      exp: T0 + 300,
      jti: expect.stringMatching(/^token_[\w-]{36}$/),
      scope: 'openid api:read api:write offline_access',
      auth_time: T0 - 30,
      acr: 'high',
      amr: ['pwd', 'otp'],
      cnf: { jkt },
      grant_id: 'grant_1',
    });
  });

  it('AS-120 says nothing of a login that it knows nothing of', async () => {
    const { json } = await issued(await testServer(), { login: undefined });
    const claims = claimsIn(json['access_token']);
    for (const name of ['auth_time', 'acr', 'amr']) expect(claims).not.toHaveProperty(name);
  });

  it('AS-120 has a name of its own each time', async () => {
    const server = await testServer();
    const [first, second] = [await issued(server), await issued(server)];
    const names = [first, second].map(({ json }) => claimsIn(json['access_token'])['jti']);
    expect(new Set(names).size).toBe(2);
  });

  it('AS-122 lives as long as configured', async () => {
    const { json } = await issued(await testServer({ accessTokens: { lifetimeSeconds: 600 } }));
    const { exp } = claimsIn(json['access_token']);
    expect([exp, json['expires_in']]).toEqual([T0 + 600, 600]);
  });

  it('AS-122 does not outlive its grant', async () => {
    const { json } = await issued(await testServer(), { expiresAt: seconds(T0 + 100) });
    const { exp } = claimsIn(json['access_token']);
    expect([exp, json['expires_in']]).toEqual([T0 + 100, 100]);
  });

  it('AS-123 is a reference where its resource wants one, and a JWT at another', async () => {
    const opaque = 'https://opaque.example';
    const resources: AuthorizationServerOptions['resources'] = [
      { resource: opaque, accessTokens: 'reference' },
      { resource: scene.resource },
    ];
    const server = await testServer({ resources });
    const reference = await issued(server, { id: 'grant_1', resources: [opaque] });
    const token = textIn(reference.json, 'access_token');
    expect(token).toMatch(/^at_[\w-]{43}$/);
    expect(await server.stores.grants.findAccessToken(hash(token), T0)).toMatchObject({
      grantId: 'grant_1',
      clientId: 'public-1',
      expiresAt: T0 + 300,
      claims: { iss: scene.issuer, sub: 'alice', aud: opaque, cnf: { jkt } },
    });
    const jwt = await issued(server, { resources: [scene.resource] });
    expect(claimsIn(jwt.json['access_token'])['aud']).toBe(scene.resource);
  });
});

describe('tokens of a client that is trusted for a while', () => {
  const clientId = 'https://rp.example';
  const trusted = (expiresAt: number) => {
    const metadata = {
      ...decoyClient.metadata,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    } as const;
    const client: Client = {
      ...decoyClient,
      id: clientId,
      metadata,
      source: 'chains',
      expiresAt: seconds(expiresAt),
    };
    const resolver = {
      name: 'chains',
      resolve: (id: string) => Promise.resolve(id === clientId ? accept(client) : undefined),
    };
    return testServer({}, [testPlugIn('chains', { clientResolvers: [resolver] })]);
  };
  const grant = { clientId, clientSource: 'chains' };
  const form = { client_id: clientId };

  it('AS-122 do not outlive it', async () => {
    const { status, json } = await issued(await trusted(T0 + 60), grant, {}, form);
    expect([status, json['expires_in']]).toEqual([200, 60]);
    const expiries = ['access_token', 'id_token'].map((name) => claimsIn(json[name])['exp']);
    expect(expiries).toEqual([T0 + 60, T0 + 60]);
  });

  it('AS-122 are not issued once it is over', async () => {
    const { status, json } = await issued(await trusted(T0), grant, {}, form);
    expect([status, json['error']]).toEqual([400, 'invalid_grant']);
  });
});

describe('an ID token', () => {
  it('AS-160 AS-161 AS-162 AS-164 AS-165 has these claims, and no others', async () => {
    const server = await testServer();
    const { json } = await issued(server, {}, { nonce: 'n'.repeat(384) });
    const accessToken = textIn(json, 'access_token');
    expect(headerOf(json['id_token'])).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(claimsIn(json['id_token'])).toEqual({
      iss: scene.issuer,
      sub: 'alice',
      aud: 'public-1',
      iat: T0,
      exp: T0 + 300,
      nonce: 'n'.repeat(384),
      at_hash: Buffer.from(hash(accessToken), 'base64url').subarray(0, 16).toString('base64url'),
      amr: ['pwd'],
      sid: 'sid-1',
    });
  });

  it('AS-165 is signed as its client registered', async () => {
    const server = await startWith({ id_token_signed_response_alg: 'ES256' });
    const { json } = await issued(server);
    expect(headerOf(json['id_token'])['alg']).toBe('ES256');
  });

  it('AS-164 lives as long as configured', async () => {
    const { json } = await issued(await testServer({ idTokens: { lifetimeSeconds: 60 } }));
    expect(claimsIn(json['id_token'])['exp']).toBe(T0 + 60);
  });

  it('AS-160 does not come without openid', async () => {
    const { json } = await issued(await testServer(), { scopes: ['api:read'] });
    expect(json).not.toHaveProperty('id_token');
  });

  it('AS-162 has no nonce where there was none', async () => {
    const { json } = await issued(await testServer(), {}, { nonce: undefined });
    expect(claimsIn(json['id_token'])).not.toHaveProperty('nonce');
  });

  const authTimeAsked = {
    userinfo: {},
    id_token: { auth_time: { essential: true, values: undefined } },
  };
  it.each([
    ['max_age', {}, { maxAge: 3_600 }, true],
    ['require_auth_time', { require_auth_time: true }, {}, true],
    ['an essential claim', {}, { claims: authTimeAsked }, true],
    ['nothing', {}, {}, false],
  ])('AS-163 says auth_time for %s: %#', async (_what, metadata, grant, says) => {
    const { json } = await issued(await startWith(metadata), grant);
    const { auth_time: authTime } = claimsIn(json['id_token']);
    expect(authTime).toBe(says ? T0 - 30 : undefined);
  });

  it('AS-169 is renewed with the same login, and without nonce', async () => {
    const server = await testServer();
    const first = await issued(server, { maxAge: 3_600 });
    server.clock.advance(600);
    const form = refreshForm(textIn(first.json, 'refresh_token'));
    const extras = { proofBy: clientKey, now: T0 + 600 };
    const second = await server.send(await tokenRequest(form, extras));
    const [before, after] = [first, second].map(({ json }) => claimsIn(json['id_token']));
    expect(after).toEqual({
      iss: before?.['iss'],
      sub: before?.['sub'],
      aud: before?.['aud'],
      auth_time: before?.['auth_time'],
      amr: before?.['amr'],
      sid: before?.['sid'],
      iat: T0 + 600,
      exp: T0 + 900,
      at_hash: expect.any(String),
    });
    expect(before).toHaveProperty('nonce', 'n-1');
    expect(after?.['at_hash']).not.toBe(before?.['at_hash']);
  });

  it('AS-177 says of the user what the claims parameter asks for, and no more', async () => {
    const claims = { userinfo: {}, id_token: { email: { essential: false, values: undefined } } };
    const scopes = ['openid', 'profile', 'email'];
    const server = await testServer();
    const asked = await issued(server, { scopes, claims });
    expect(claimsIn(asked.json['id_token'])).toHaveProperty('email', 'alice@example.com');
    expect(claimsIn(asked.json['id_token'])).not.toHaveProperty('name');
    const unasked = claimsIn((await issued(server, { scopes })).json['id_token']);
    for (const name of ['name', 'email']) expect(unasked).not.toHaveProperty(name);
  });

  it('AS-69 is of nobody who is gone, and neither is an access token', async () => {
    const { status, json } = await issued(await testServer(), { localSubject: 'mallory' });
    expect([status, json['error']]).toEqual([400, 'invalid_grant']);
  });
});
