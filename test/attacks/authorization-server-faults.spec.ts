import { describe, expect, it } from '@jest/globals';
import {
  assertionForm,
  codeForm,
  dpopProof,
  hash,
  interactionIn,
  issuedJwt,
  issuedReference,
  refreshForm,
  savedCode,
  savedRefreshToken,
  scene,
  T0,
  TestBrowser,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type RequestInput,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { FailingStores, type Loss } from '../support/failing-stores.js';

/** One request that can be sent again and again, its proofs and assertions new each time. */
type Send = () => Promise<TestAnswer>;

interface Flow {
  readonly name: string;
  /** Brings the server to where the request can be sent. */
  prepare(server: TestServer): Promise<Send>;
  /** Of the request when nothing fails. */
  readonly status: number;
  /** Whether a person sees it. */
  readonly page?: true;
  /** The call that uses up what the request brings; once that is done, a retry is refused. */
  readonly consumes?: string;
  /** How the retry is then refused. */
  readonly gone?: number;
}

const open = { registration: { access: 'open' } } as const;
const json = { 'content-type': 'application/json' };
const metadata = { redirect_uris: ['https://client.example/cb'] };

async function post(server: TestServer, url: string, form: Form, proven = false) {
  const htu = scene.issuer + url;
  const headers = proven ? { dpop: await dpopProof({ htm: 'POST', htu }) } : {};
  return server.send({ ...(await tokenRequest(form, { headers })), url });
}

const asClient = async (form: Form): Promise<Form> => ({ ...form, ...(await assertionForm()) });

/** Where the return of a browser that answered everything leads. */
async function returnUrl(browser: TestBrowser, server: TestServer, redirect: TestAnswer) {
  const { interactions } = server.server;
  const details = await browser.details(redirect);
  const next = await interactions.answer(details, details.csrfToken, {
    login: { subject: 'alice' },
    consent: { remember: true },
  });
  if (!next.ok) throw new Error(next.failure.code);
  return next.value.location;
}

async function loggedIn(server: TestServer): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  await browser.visit(await returnUrl(browser, server, await browser.authorize()));
  return browser;
}

async function pushed(server: TestServer): Promise<string> {
  const answer = await post(server, '/par', await asClient(request));
  const requestUri = textIn(answer.json, 'request_uri');
  return `/authorize?${new URLSearchParams({ client_id: 'client-1', request_uri: requestUri }).toString()}`;
}

const request = {
  redirect_uri: 'https://client.example/cb',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

interface Registered {
  readonly id: string;
  readonly manage: (own: Partial<RequestInput>) => Promise<TestAnswer>;
}

async function registered(server: TestServer, own: object = {}): Promise<Registered> {
  const { json: told } = await server.send({
    method: 'POST',
    url: '/register',
    headers: json,
    body: JSON.stringify({ ...metadata, ...own }),
  });
  const authorization = `Bearer ${textIn(told, 'registration_access_token')}`;
  const url = textIn(told, 'registration_client_uri');
  return {
    id: textIn(told, 'client_id'),
    manage: (own) => server.send({ url, headers: { ...json, authorization }, ...own }),
  };
}

const flows: readonly Flow[] = [
  {
    name: 'a pushed request',
    status: 201,
    prepare: (server) =>
      Promise.resolve(async () => post(server, '/par', await asClient(request), true)),
  },
  {
    name: 'an authorization request of somebody unknown',
    status: 303,
    page: true,
    prepare: (server) => Promise.resolve(() => new TestBrowser(server).authorize()),
  },
  {
    name: 'a pushed request of somebody who allowed it before',
    status: 303,
    page: true,
    consumes: 'grants.completeAuthorization',
    gone: 400,
    prepare: async (server) => {
      const browser = new TestBrowser(server);
      const first = await browser.visit(await pushed(server));
      await browser.visit(await returnUrl(browser, server, first));
      const url = await pushed(server);
      return () => browser.visit(url);
    },
  },
  {
    name: 'the return of somebody new',
    status: 303,
    page: true,
    consumes: 'grants.completeAuthorization',
    gone: 400,
    prepare: async (server) => {
      const browser = new TestBrowser(server);
      const url = await returnUrl(browser, server, await browser.authorize());
      return () => browser.visit(url);
    },
  },
  {
    name: 'the return of somebody who was logged in',
    status: 303,
    page: true,
    consumes: 'grants.completeAuthorization',
    gone: 400,
    prepare: async (server) => {
      const browser = await loggedIn(server);
      const redirect = await browser.authorize({ prompt: 'consent' });
      const details = await browser.details(redirect);
      const { interactions } = server.server;
      const next = await interactions.answer(details, details.csrfToken, { consent: {} });
      if (!next.ok) throw new Error(next.failure.code);
      const { location } = next.value;
      return () => browser.visit(location);
    },
  },
  {
    name: 'the return of somebody who refused',
    status: 303,
    page: true,
    consumes: 'grants.endInteraction',
    gone: 400,
    prepare: async (server) => {
      const browser = new TestBrowser(server);
      const redirect = await browser.authorize();
      const details = await browser.details(redirect);
      const next = await server.server.interactions.reject(details, details.csrfToken);
      if (!next.ok) throw new Error(next.failure.code);
      const { location } = next.value;
      return () => browser.visit(location);
    },
  },
  {
    name: 'a code of a public client',
    status: 200,
    consumes: 'grants.redeemCode',
    gone: 400,
    prepare: async (server) => {
      const code = await savedCode(server.stores.grants);
      return () => post(server, '/token', codeForm(code), true);
    },
  },
  {
    name: 'the first code of a client that registered itself',
    status: 200,
    consumes: 'grants.redeemCode',
    gone: 400,
    prepare: async (server) => {
      const own = { token_endpoint_auth_method: 'none', dpop_bound_access_tokens: false };
      const { id } = await registered(server, own);
      const grant = { clientId: id, clientSource: 'registered' };
      const code = await savedCode(server.stores.grants, grant);
      return () => post(server, '/token', codeForm(code, { client_id: id }), true);
    },
  },
  {
    name: 'a code of a confidential client',
    status: 200,
    consumes: 'grants.redeemCode',
    gone: 400,
    prepare: async (server) => {
      const own = { clientId: 'client-1' };
      const code = await savedCode(server.stores.grants, own);
      return async () =>
        post(server, '/token', await asClient(codeForm(code, { client_id: 'client-1' })), true);
    },
  },
  {
    name: 'a refresh token that rotates',
    status: 200,
    prepare: async (server) => {
      const token = await savedRefreshToken(server.stores.grants);
      return () => post(server, '/token', refreshForm(token));
    },
  },
  {
    name: 'a refresh token that stays',
    status: 200,
    prepare: async (server) => {
      const token = await savedRefreshToken(server.stores.grants, { clientId: 'client-1' });
      const form = refreshForm(token, { client_id: 'client-1' });
      return async () => post(server, '/token', await asClient(form), true);
    },
  },
  {
    name: 'client credentials for a reference token',
    status: 200,
    prepare: (server) => {
      const form = { grant_type: 'client_credentials', resource: 'https://reference.example' };
      return Promise.resolve(async () => post(server, '/token', await asClient(form)));
    },
  },
  {
    name: 'introspection of a reference token',
    status: 200,
    prepare: async (server) => {
      const token = await issuedReference(server.server, { client_id: 'client-1' });
      return async () => post(server, '/introspect', await asClient({ token }));
    },
  },
  {
    name: 'introspection of a refresh token',
    status: 200,
    prepare: async (server) => {
      const token = await savedRefreshToken(server.stores.grants, { clientId: 'client-1' });
      return async () => post(server, '/introspect', await asClient({ token }));
    },
  },
  {
    name: 'revocation of a refresh token',
    status: 200,
    prepare: async (server) => {
      const token = await savedRefreshToken(server.stores.grants, { clientId: 'client-1' });
      return async () => post(server, '/revoke', await asClient({ token }));
    },
  },
  {
    name: 'revocation of an access token',
    status: 200,
    prepare: async (server) => {
      const token = await issuedJwt(server.server, { client_id: 'client-1' });
      return async () => post(server, '/revoke', await asClient({ token }));
    },
  },
  {
    name: 'UserInfo',
    status: 200,
    prepare: async (server) => {
      const code = await savedCode(server.stores.grants);
      const { json: tokens } = await post(server, '/token', codeForm(code));
      const authorization = `Bearer ${textIn(tokens, 'access_token')}`;
      return () => server.send({ url: '/userinfo', headers: { authorization } });
    },
  },
  {
    name: 'a client authentication that fails',
    status: 401,
    prepare: (server) => {
      const authorization = `Basic ${Buffer.from('secret-1:wrong').toString('base64')}`;
      return Promise.resolve(async () => {
        const form = { grant_type: 'client_credentials' };
        return server.send(await tokenRequest(form, { headers: { authorization } }));
      });
    },
  },
  {
    name: 'a registration',
    status: 201,
    prepare: (server) => {
      const body = JSON.stringify(metadata);
      return Promise.resolve(() =>
        server.send({ method: 'POST', url: '/register', headers: json, body }),
      );
    },
  },
  {
    name: 'reading a registration',
    status: 200,
    prepare: async (server) => {
      const { manage } = await registered(server);
      return () => manage({ method: 'GET' });
    },
  },
  {
    name: 'replacing a registration',
    status: 200,
    prepare: async (server) => {
      const { id, manage } = await registered(server);
      const body = JSON.stringify({ ...metadata, client_id: id, client_name: 'Two' });
      return () => manage({ method: 'PUT', body });
    },
  },
  {
    name: 'deleting a registration',
    status: 204,
    consumes: 'clients.remove',
    gone: 401,
    prepare: async (server) => {
      const { manage } = await registered(server);
      return () => manage({ method: 'DELETE' });
    },
  },
];

async function prepared(flow: Flow) {
  const failing = new FailingStores();
  const server = await testServer({
    ...open,
    clients: undemandingClients,
    accessTokens: { requireProof: false },
    resources: [
      { resource: scene.resource },
      { resource: 'https://reference.example', accessTokens: 'reference' },
    ],
    stores: failing.stores,
    replay: { store: failing.replay },
  });
  return { server, failing, send: await flow.prepare(server) };
}

/** What each store call of a flow is, when none fails. */
async function callsOf(flow: Flow): Promise<readonly string[]> {
  const { failing, send } = await prepared(flow);
  failing.watch();
  expect((await send()).status).toBe(flow.status);
  return [...failing.calls];
}

/** Anything that a store keeps the hash of, and any JWT. */
const minted = /\b[a-z]+_[A-Za-z0-9_-]{22,}|eyJ[A-Za-z0-9_-]+\./;

function expectUnavailable(answer: TestAnswer, page: boolean): void {
  expect(answer.status).toBe(503);
  expect(answer.fields('retry-after')).toEqual([expect.stringMatching(/^[15]$/)]);
  expect(answer.fields('cache-control')).toEqual(['no-store']);
  expect(answer.fields('set-cookie')).toEqual([]);
  expect(answer.fields('location')).toEqual([]);
  expect(answer.body).not.toMatch(minted);
  expect(answer.body).not.toMatch(/ECONNRESET|5432/);
  if (page) expect(answer.fields('content-type')).toEqual(['text/html; charset=utf-8']);
  else expect(answer.body).toBe('{"error":"temporarily_unavailable"}');
}

describe.each<Loss>(['before', 'after'])('a connection that is lost %s the store acted', (when) => {
  it.each(flows.map((flow) => [flow.name, flow] as const))(
    'THR-92 THR-66 AS-271 INV-4 is 503 at every call of %s, once in the log, and a retry is as good as new',
    async (_name, flow) => {
      const calls = await callsOf(flow);
      expect(calls.length).toBeGreaterThan(0);
      for (const [at, call] of calls.entries()) {
        const { server, failing, send } = await prepared(flow);
        const before = server.audit.events.length;
        failing.watch({ at, when });
        const answer = await send();
        try {
          expectUnavailable(answer, flow.page === true);
          const told = server.audit.events.slice(before);
          expect(told).toEqual([
            expect.objectContaining({ kind: 'fault', code: 'StoreUnavailableError' }),
          ]);
          failing.watch();
          const wasUsedUp = calls.slice(0, at).includes(flow.consumes ?? '');
          const isUsedUp = wasUsedUp || (call === flow.consumes && when === 'after');
          expect((await send()).status).toBe(isUsedUp ? flow.gone : flow.status);
          if (flow.gone !== undefined) expect((await send()).status).toBe(flow.gone);
        } catch (error) {
          throw new Error(`At ${call}, ${when}: ${String(error)}`, { cause: error });
        }
      }
    },
  );
});

describe('what was done before the connection was lost', () => {
  it('THR-67 THR-92 AS-64 a code whose answer was lost leaves nothing active: its retry revokes what came of it', async () => {
    const failing = new FailingStores();
    const server = await testServer({
      clients: undemandingClients,
      accessTokens: { requireProof: false },
      stores: failing.stores,
      replay: { store: failing.replay },
    });
    const code = await savedCode(server.stores.grants);
    const { grantId = '' } = (await server.stores.grants.findCode(hash(code), T0)) ?? {};
    const calls = ['grants.findCode', 'grants.findGrant', 'grants.redeemCode'];
    failing.watch({ at: calls.length - 1, when: 'after' });
    expect((await post(server, '/token', codeForm(code))).status).toBe(503);
    expect(failing.calls).toEqual(calls);
    failing.watch();
    expect((await post(server, '/token', codeForm(code))).json).toEqual({ error: 'invalid_grant' });
    expect(await server.stores.grants.findGrant(grantId, T0)).toBeUndefined();
    expect(server.audit.events).toContainEqual(expect.objectContaining({ kind: 'reuse' }));
  });

  it('THR-92 AS-26 THR-57 a session that was begun for an answer that was lost is nobody’s', async () => {
    const failing = new FailingStores();
    const server = await testServer({
      clients: undemandingClients,
      stores: failing.stores,
      replay: { store: failing.replay },
    });
    const browser = new TestBrowser(server);
    const redirect = await browser.authorize();
    expect(interactionIn(redirect)).toMatch(/^interaction_/);
    const url = await returnUrl(browser, server, redirect);
    const held = browser.cookie;
    failing.watch({ at: 1, when: 'after' });
    const lost = await browser.visit(url);
    expect({ status: lost.status, call: failing.calls.at(-1) }).toEqual({
      status: 503,
      call: 'sessions.start',
    });
    expect(browser.cookie).toBe(held);
    failing.watch();
    expect((await browser.visit(url)).status).toBe(303);
    expect(browser.cookie).not.toBe(held);
  });
});
