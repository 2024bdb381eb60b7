import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as dpop from 'dpop';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { freePort } from './demo/free-port.js';
import { HeadlessUser } from './demo/headless-user.js';
import { runApp, type RunningApp } from './running-app.js';
import { readSettings } from './settings/read-settings.js';

type Members = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, string>>;

const web = 'https://client.example/cb';
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** Somebody who knows nothing but the issuer, and shares no code with it. */
describe.each(['express', 'fastify'])('a stranger at the sample app, on %s', (adapter) => {
  let app: RunningApp;
  let issuer: string;
  let metadata: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const PORT = String(await freePort());
    issuer = `http://127.0.0.1:${PORT}`;
    const settings = readSettings({ HTTP_ADAPTER: adapter, PORT, ISSUER: issuer });
    app = await runApp(settings, { audit: { record: () => undefined } });
    metadata = await json(`${issuer}/.well-known/openid-configuration`);
  });
  afterAll(() => app.close());

  const endpoint = (name: string) => metadata[`${name}_endpoint`] ?? 'missing';

  async function register(own: Members = {}): Promise<Readonly<Record<string, string>>> {
    const answer = await fetch(endpoint('registration'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [web],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        ...own,
      }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Record<string, string>;
  }

  /** Sends a user through the pages. */
  function authorize(clientId: string, own: Fields = {}, username = 'alice'): Promise<URL> {
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: web,
      scope: 'openid',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...own,
    });
    const password = username === 'alice' ? 'wonderland' : 'builder';
    const url = `${endpoint('authorization')}?${query.toString()}`;
    return new HeadlessUser({ username, password }).authorize(url, own['redirect_uri'] ?? web);
  }

  async function tokens(fields: Fields, headers: Fields = {}): Promise<Members> {
    const answer = await fetch(endpoint('token'), {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
    });
    return { status: answer.status, ...((await answer.json()) as Members) };
  }

  async function codeFields(clientId: string, own: Fields = {}, username?: string) {
    const callback = await authorize(clientId, own, username);
    expect(callback.searchParams.get('iss')).toBe(issuer);
    const code = callback.searchParams.get('code') ?? '';
    const redirect_uri = own['redirect_uri'] ?? web;
    return { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri };
  }

  /** The code flow of a public client. */
  async function logIn(clientId: string, own: Fields = {}, username?: string): Promise<Members> {
    return tokens({ ...(await codeFields(clientId, own, username)), client_id: clientId });
  }

  const api = (token: unknown, scheme = 'Bearer', headers: Fields = {}) =>
    fetch(`${issuer}/api/whoami`, {
      headers: { authorization: `${scheme} ${String(token)}`, ...headers },
    });
  const userInfo = (token: unknown) =>
    fetch(endpoint('userinfo'), { headers: { authorization: `Bearer ${String(token)}` } });

  describe('finds', () => {
    it('OIDC-09 AS-200 every endpoint below the issuer, by either kind of metadata', async () => {
      expect(await json(`${issuer}/.well-known/oauth-authorization-server`)).toEqual(metadata);
      expect(metadata['issuer']).toBe(issuer);
      const endpoints = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$/.test(name));
      expect(endpoints.length).toBeGreaterThanOrEqual(8);
      for (const [name, url] of endpoints) {
        expect(url.startsWith(`${issuer}/`)).toBe(true);
        expect([name, (await fetch(url)).status]).not.toEqual([name, 404]);
      }
    });

    it('RS-32 RS-37 the authorization server from the API, and the API from it', async () => {
      const refused = await fetch(`${issuer}/api/whoami`);
      const [, url = ''] =
        /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? [];
      expect(await json(url)).toMatchObject({
        resource: `${issuer}/api`,
        authorization_servers: [issuer],
      });
      expect(metadata['protected_resources']).toEqual([`${issuer}/api`]);
    });

    it('OIDC-09 what it may register', () => {
      expect(metadata['grant_types_supported']).toEqual(
        expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
      );
      expect(metadata['token_endpoint_auth_methods_supported']).toEqual(
        expect.arrayContaining(['none', 'client_secret_basic', 'private_key_jwt']),
      );
    });
  });

  describe('registers', () => {
    it('AS-82 with a secret in the header, and is let in', async () => {
      const { client_id: id = '', client_secret: secret = '' } = await register({
        token_endpoint_auth_method: 'client_secret_basic',
      });
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
      expect(await tokens(await codeFields(id), { authorization })).toMatchObject({ status: 200 });
    });

    it('AS-82 with a secret in the form, and is let in', async () => {
      const { client_id: id = '', client_secret: secret = '' } = await register({
        token_endpoint_auth_method: 'client_secret_post',
      });
      const form = { ...(await codeFields(id)), client_id: id, client_secret: secret };
      expect(await tokens(form)).toMatchObject({ status: 200 });
      expect(await tokens({ ...form, client_secret: 'wrong' })).toMatchObject({
        error: 'invalid_client',
      });
    });

    it('AS-83 with a key, and is let in', async () => {
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      const { client_id: id = '' } = await register({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [await exportJWK(publicKey)] },
      });
      const assertion = await new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      const outcome = await tokens({
        ...(await codeFields(id)),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      expect(outcome).toMatchObject({ status: 200 });
    });

    it('is let in by client credentials, and needs nobody to log in', async () => {
      const { client_id: id = '', client_secret: secret = '' } = await register({
        redirect_uris: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      });
      const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
      expect(await tokens(form)).toMatchObject({ status: 200, token_type: 'Bearer' });
    });

    it.each([
      ['https', web, web],
      ['a private-use scheme', 'com.example.app:/cb', 'com.example.app:/cb'],
      ['loopback by address', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb'],
      ['loopback by name', 'http://localhost:8080/cb', 'http://localhost:8080/cb'],
      ['loopback of IPv6', 'http://[::1]/cb', 'http://[::1]:49152/cb'],
    ])('AS-05 OIDC-19 a redirect URI, and its users come back: %s', async (_kind, uri, asked) => {
      const { client_id: id = '' } = await register({ redirect_uris: [uri] });
      expect(await logIn(id, { redirect_uri: asked })).toMatchObject({ status: 200 });
    });
  });

  describe('gets', () => {
    it.each(['alice', 'bob'])('OIDC-36 to know %s', async (username) => {
      const { client_id: id = '' } = await register();
      const { access_token: token } = await logIn(id, { scope: 'openid profile' }, username);
      expect(await (await userInfo(token)).json()).toMatchObject({
        sub: username,
        preferred_username: username,
      });
    });

    it('AS-131 a token for the API and for UserInfo, where it names none', async () => {
      const { client_id: id = '' } = await register();
      const { access_token: token } = await logIn(id);
      expect(claimsOf(token)['aud']).toEqual([`${issuer}/api`, issuer]);
    });

    it('AS-131 a token for the API alone, where it names that', async () => {
      const { client_id: id = '' } = await register();
      const { access_token: token } = await logIn(id, { resource: `${issuer}/api` });
      expect(claimsOf(token)['aud']).toBe(`${issuer}/api`);
      expect((await userInfo(token)).status).toBe(401);
    });

    it('AS-77 an unbound token where it proves no key, which only UserInfo takes', async () => {
      const { client_id: id = '' } = await register();
      const { access_token: token, token_type: type } = await logIn(id);
      expect(type).toBe('Bearer');
      expect(claimsOf(token)).not.toHaveProperty('cnf');
      expect((await userInfo(token)).status).toBe(200);
      const refused = await api(token);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    it('DPOP-29 no unbound token where it registered that it wants none', async () => {
      const { client_id: id = '' } = await register({ dpop_bound_access_tokens: true });
      expect(await logIn(id)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
    });

    it('DPOP-15 a bound token where it proves a key, which the API takes', async () => {
      const { client_id: id = '' } = await register();
      const key = await dpop.generateKeyPair('ES256');
      const fields = { ...(await codeFields(id, {}, 'bob')), client_id: id };
      const proof = await dpop.generateProof(key, endpoint('token'), 'POST');
      const { access_token: token, token_type: type } = await tokens(fields, { dpop: proof });
      expect(type).toBe('DPoP');
      const made = [key, `${issuer}/api/whoami`, 'GET', undefined, String(token)] as const;
      const answer = await api(token, 'DPoP', { dpop: await dpop.generateProof(...made) });
      expect(await answer.json()).toEqual({
        sub: 'bob',
        client_id: id,
        cnf: { jkt: await dpop.calculateThumbprint(key.publicKey) },
        method: 'dpop',
      });
      expect((await userInfo(token)).status).toBe(401);
    });

    it('AS-178 a refresh token for offline_access with prompt=consent, which works', async () => {
      const { client_id: id = '' } = await register();
      const asked = { scope: 'openid offline_access', prompt: 'consent' };
      const { refresh_token: refresh = '' } = await logIn(id, asked);
      const again = { grant_type: 'refresh_token', client_id: id, refresh_token: String(refresh) };
      const refreshed = await tokens(again);
      expect(refreshed).toMatchObject({ status: 200, token_type: 'Bearer' });
      expect((await userInfo(refreshed['access_token'])).status).toBe(200);
    });

    it.each([
      ['does not ask its user', {}, { scope: 'openid offline_access' }],
      ['does not ask for it', {}, { prompt: 'consent' }],
      [
        'did not register for it',
        { grant_types: ['authorization_code'] },
        { scope: 'openid offline_access', prompt: 'consent' },
      ],
    ])('AS-178 no refresh token where it %s', async (_lack, registered, asked) => {
      const { client_id: id = '' } = await register(registered);
      const outcome = await logIn(id, asked);
      expect(outcome).toMatchObject({ status: 200 });
      expect(outcome).not.toHaveProperty('refresh_token');
    });

    it('AS-12 no scope that nobody here has, for users or for itself', async () => {
      const { client_id = '', client_secret = '' } = await register({
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      });
      const client = { client_id, client_secret };
      const fields = await codeFields(client_id, { scope: 'openid admin' });
      expect(await tokens({ ...fields, ...client })).toMatchObject({ scope: 'openid' });
      const form = { grant_type: 'client_credentials', scope: 'admin', ...client };
      expect(await tokens(form)).toMatchObject({ status: 400, error: 'invalid_scope' });
    });
  });

  describe('asks about', () => {
    const secretClient = () => register({ token_endpoint_auth_method: 'client_secret_post' });

    async function post(name: string, fields: Fields): Promise<Response> {
      return fetch(endpoint(name), { method: 'POST', body: new URLSearchParams(fields) });
    }

    it('AS-140 AS-143 a token of its own: active, until it revokes it', async () => {
      const { client_id = '', client_secret = '' } = await secretClient();
      const own = { client_id, client_secret };
      const { access_token } = await tokens({ ...(await codeFields(client_id)), ...own });
      const token = String(access_token);
      expect(await (await post('introspection', { ...own, token })).json()).toMatchObject({
        active: true,
        sub: 'alice',
        client_id,
      });
      expect((await post('revocation', { ...own, token })).status).toBe(200);
      expect(await (await post('introspection', { ...own, token })).json()).toEqual({
        active: false,
      });
      expect((await userInfo(token)).status).toBe(401);
    });

    it("AS-143 somebody else's token, and learns nothing", async () => {
      const { client_id: other = '' } = await register();
      const { access_token: token } = await logIn(other);
      const { client_id = '', client_secret = '' } = await secretClient();
      const asked = { client_id, client_secret, token: String(token) };
      expect(await (await post('introspection', asked)).json()).toEqual({ active: false });
      expect((await post('revocation', asked)).status).toBe(200);
      expect((await userInfo(token)).status).toBe(200);
    });
  });
});

async function json(url: string): Promise<Record<string, string>> {
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return (await answer.json()) as Record<string, string>;
}

/** What stands in a token; nobody vouches for it here. */
function claimsOf(token: unknown): Members {
  const [, payload = ''] = String(token).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Members;
}
