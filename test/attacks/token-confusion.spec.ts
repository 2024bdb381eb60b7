import { beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, signCompactJws, type JsonObject } from '@keybound/core';
import {
  authorizationServerOptions,
  clientKey,
  dpopProof,
  hash,
  issuedReference,
  pkce,
  publicPart,
  scene,
  signerFor,
  T0,
  testClients,
  testServer,
  textIn,
  tokenRequest,
  type Form,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { Browser, form, redirectUri } from '../support/code-flow.js';

const id = 'client-2';
const secretClient = 'secret-1';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const { keys } = await authorizationServerOptions();

let server: TestServer;
let kinds: Readonly<Record<string, string>>;

/** The client's own key, and the server's: whatever the server signed has a signature of the client too. */
async function keysOfBoth(): Promise<JsonObject[]> {
  const plain = await testServer({ keys });
  const url = textIn(plain.server.metadata(), 'jwks_uri');
  const { keys: published } = (await plain.send({ url })).json;
  if (!Array.isArray(published)) throw new Error('no keys');
  return [
    { ...publicPart(clientKey), kid: 'own', alg: 'ES256' },
    ...published.filter(isJsonObject),
  ];
}

beforeAll(async () => {
  const metadata = {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
    introspection_signed_response_alg: 'ES256',
    dpop_bound_access_tokens: false,
    jwks: { keys: await keysOfBoth() },
  };
  server = await testServer({
    keys,
    clients: [...testClients, { client_id: id, metadata }],
    accessTokens: { requireProof: false },
    registration: { access: 'open' },
  });
  kinds = await everyKind();
});

async function assertion(): Promise<string> {
  const jti = crypto.randomUUID();
  const claims = { iss: id, sub: id, aud: scene.issuer, iat: T0, exp: T0 + 60, jti };
  return signCompactJws({ typ: 'JWT', kid: 'own' }, claims, await signerFor(clientKey));
}

const asked = {
  client_id: id,
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid offline_access',
  prompt: 'consent',
  code_challenge: pkce.challenge,
  code_challenge_method: 'S256',
};

async function requestObject(): Promise<string> {
  const claims = { ...asked, iss: id, aud: scene.issuer, iat: T0, exp: T0 + 60 };
  return signCompactJws(
    { typ: 'oauth-authz-req+jwt', kid: 'own' },
    claims,
    await signerFor(clientKey),
  );
}

async function authenticated(own: Form): Promise<Form> {
  return { ...own, client_assertion_type: assertionType, client_assertion: await assertion() };
}

async function post(url: string, own: Form): Promise<TestAnswer> {
  return server.send({ ...(await tokenRequest(await authenticated(own))), url });
}

const text = (answer: TestAnswer, member: string) => textIn(answer.json, member);

async function freshCode(browser: Browser): Promise<string> {
  const back = await browser.authorize(asked);
  return back.searchParams.get('code') ?? '';
}

/** The name of the cookie that an interaction is bound to. */
function browserCookie(interaction: string): string {
  return `__Host-keybound-browser-${hash(interaction).slice(0, 16)}`;
}

/** What the browser that waits sends. */
function cookieOfBrowser(): string {
  const { 'an interaction': interaction = '', 'a browser’s secret': secret = '' } = kinds;
  return `${browserCookie(interaction)}=${secret}`;
}

/** One of everything that the server hands out to this client and its user, and that they make. */
async function everyKind(): Promise<Readonly<Record<string, string>>> {
  const browser = new Browser(server);
  const redeem = { grant_type: 'authorization_code', code_verifier: pkce.verifier };
  const tokens = await post('/token', { ...redeem, code: await freshCode(browser) });
  const accessToken = text(tokens, 'access_token');
  const authorization = `Bearer ${accessToken}`;
  const registered = await server.send({
    method: 'POST',
    url: '/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [redirectUri] }),
  });
  const [, session = ''] = /-session=([^;]+)/.exec(browser.cookie) ?? [];
  const waiting = await browser.get(`/authorize?${form(asked)}`);
  const [location = ''] = waiting.fields('location');
  const interaction = location.slice(location.lastIndexOf('/') + 1);
  const secretOf = new RegExp(`${browserCookie(interaction)}=([^;]+)`);
  const [, secret = ''] = secretOf.exec(browser.cookie) ?? [];
  return {
    'an access token': accessToken,
    'a reference token': await issuedReference(server.server, { client_id: id }),
    'an ID token': text(tokens, 'id_token'),
    'a refresh token': text(tokens, 'refresh_token'),
    'signed UserInfo':
      (await server.send({ url: '/userinfo', headers: { authorization } })).body ?? '',
    'a signed introspection': (await post('/introspect', { token: accessToken })).body ?? '',
    'a code': await freshCode(browser),
    'a request URI': text(await post('/par', asked), 'request_uri'),
    'a registration token': text(registered, 'registration_access_token'),
    'a client secret': text(registered, 'client_secret'),
    'a client identifier': text(registered, 'client_id'),
    'a session': session,
    'a browser’s secret': secret,
    'an interaction': interaction,
    'a client assertion': await assertion(),
    'a request object': await requestObject(),
    'a DPoP proof': await dpopProof({ htm: 'POST', htu: `${scene.issuer}/token` }),
  };
}

interface Slot {
  /** The kinds that belong there. */
  readonly takes: readonly string[];
  send(value: string): Promise<TestAnswer>;
  /** Whether it was taken for what belongs there. */
  readonly taken: (answer: TestAnswer) => boolean;
}

const is = (status: number) => (answer: TestAnswer) => answer.status === status;
const credentials = { grant_type: 'client_credentials' };

async function authorizeWith(own: Readonly<Record<string, string>>, cookie?: string) {
  const parameters = { client_id: 'public-1', response_type: 'code', redirect_uri: redirectUri };
  const challenge = { code_challenge: pkce.challenge, code_challenge_method: 'S256' };
  const url = `/authorize?${form({ ...parameters, ...challenge, scope: 'openid', ...own })}`;
  return server.send({ url, headers: cookie === undefined ? {} : { cookie } });
}

const slots: Readonly<Record<string, Slot>> = {
  client_assertion: {
    takes: ['a client assertion'],
    send: async (value) => {
      const own = { client_assertion_type: assertionType, client_assertion: value };
      return server.send(await tokenRequest({ ...credentials, ...own }));
    },
    taken: is(200),
  },
  'client_secret, by Basic': {
    takes: [],
    send: async (value) => {
      const pair = Buffer.from(`${secretClient}:${encodeURIComponent(value)}`).toString('base64');
      const headers = { authorization: `Basic ${pair}` };
      return server.send(await tokenRequest(credentials, { headers }));
    },
    taken: is(200),
  },
  'Bearer at the token endpoint': {
    takes: [],
    send: async (value) => {
      const headers = { authorization: `Bearer ${value}` };
      return server.send(await tokenRequest({ ...credentials, client_id: id }, { headers }));
    },
    taken: is(200),
  },
  DPoP: {
    takes: ['a DPoP proof'],
    send: async (value) =>
      server.send(
        await tokenRequest(await authenticated(credentials), { headers: { dpop: value } }),
      ),
    taken: is(200),
  },
  request: {
    takes: ['a request object'],
    send: (value) => post('/par', { client_id: id, request: value }),
    taken: is(201),
  },
  id_token_hint: {
    takes: ['an ID token'],
    send: (value) => post('/par', { ...asked, id_token_hint: value }),
    taken: is(201),
  },
  request_uri: {
    takes: ['a request URI'],
    send: (value) => authorizeWith({ client_id: id, request_uri: value }),
    taken: ({ status, fields }) =>
      status === 303 && !fields('location').some((to) => to.includes('error=')),
  },
  code: {
    takes: ['a code'],
    send: (value) =>
      post('/token', {
        grant_type: 'authorization_code',
        code: value,
        code_verifier: pkce.verifier,
      }),
    taken: is(200),
  },
  refresh_token: {
    takes: ['a refresh token'],
    send: (value) => post('/token', { grant_type: 'refresh_token', refresh_token: value }),
    taken: is(200),
  },
  'Authorization at UserInfo': {
    takes: ['an access token'],
    send: (value) =>
      server.send({ url: '/userinfo', headers: { authorization: `Bearer ${value}` } }),
    taken: is(200),
  },
  'Authorization at a registration': {
    takes: ['a registration token'],
    send: (value) =>
      server.send({
        url: `/register/client?${form({ client_id: kinds['a client identifier'] ?? '' })}`,
        headers: { authorization: `Bearer ${value}` },
      }),
    taken: is(200),
  },
  'the cookie of a session': {
    takes: ['a session'],
    send: (value) =>
      authorizeWith({ prompt: 'none', client_id: 'public-1' }, `__Host-keybound-session=${value}`),
    taken: ({ fields }) => !fields('location').some((to) => to.includes('login_required')),
  },
  'the ticket of a return': {
    takes: [],
    send: (value) =>
      server.send({
        url: `/authorize/return?${form({ interaction: kinds['an interaction'] ?? '', ticket: value })}`,
        headers: { cookie: cookieOfBrowser() },
      }),
    taken: is(303),
  },
  'the interaction of a return': {
    takes: [],
    send: (value) =>
      server.send({
        url: `/authorize/return?${form({ interaction: value, ticket: value })}`,
        headers: { cookie: cookieOfBrowser() },
      }),
    taken: is(303),
  },
};

const names = Object.entries(slots);

describe('Everything that the server hands out, in every place that takes something', () => {
  it.each(names)('THR-09 INV-3 INV-4 takes only what belongs there: %s', async (_name, slot) => {
    for (const [kind, value] of Object.entries(kinds)) {
      expect(value.length).toBeGreaterThan(20);
      if (slot.takes.includes(kind)) continue;
      const answer = await slot.send(value);
      const said = { kind, taken: slot.taken(answer), status: answer.status };
      expect(said).toEqual({ kind, taken: false, status: expect.any(Number) });
      expect(answer.status).toBeLessThan(500);
      if (value.length < 2_000) expect(answer.body ?? '').not.toContain(value);
    }
  });

  it.each(names)(
    'AS-273 THR-76 is told to the operator once for each, without what was sent: %s',
    async (_name, slot) => {
      for (const [kind, value] of Object.entries(kinds)) {
        if (slot.takes.includes(kind)) continue;
        const before = server.audit.events.length;
        await slot.send(value);
        const told = server.audit.events.slice(before);
        expect({ kind, told: told.map((event) => event.kind) }).toEqual({
          kind,
          told: ['refused'],
        });
        const said = { kind, told: JSON.stringify(told) };
        const isName = kind === 'a client identifier';
        if (!isName) expect(said.told.includes(value) ? said : undefined).toBeUndefined();
      }
    },
  );

  it('THR-09 THR-43 AS-143 knows by introspection its access and refresh tokens, and nothing else', async () => {
    const active: string[] = [];
    for (const [kind, value] of Object.entries(kinds)) {
      const request = await tokenRequest(await authenticated({ token: value }));
      const { body } = await server.send({ ...request, url: '/introspect' });
      const [, payload = ''] = (body ?? '').split('.');
      const said = Buffer.from(payload, 'base64url').toString();
      if (said.includes('"active":true')) active.push(kind);
    }
    expect(active).toEqual(['an access token', 'a reference token', 'a refresh token']);
  });

  it('AS-142 THR-09 is changed by no revocation of what is no token', async () => {
    const tokens = ['an access token', 'a reference token', 'a refresh token'];
    for (const [kind, value] of Object.entries(kinds)) {
      if (tokens.includes(kind)) continue;
      expect((await post('/revoke', { token: value })).status).toBe(200);
    }
  });

  // Last: what belongs somewhere still works there, after all of the above.
  it.each(names.filter(([, { takes }]) => takes.length > 0))(
    'INV-6 INV-3 has used up nothing of what belongs there: %s',
    async (_name, slot) => {
      for (const kind of slot.takes) {
        const answer = await slot.send(kinds[kind] ?? '');
        expect({ status: answer.status, body: answer.body, taken: slot.taken(answer) }).toEqual({
          status: answer.status,
          body: answer.body,
          taken: true,
        });
      }
    },
  );
});
