import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  InMemoryCounterStore,
  inMemoryStores,
  type AuthorizationServerStores,
} from '@keybound/authorization-server';
import {
  assertionForm,
  codeForm,
  issuedJwt,
  refreshForm,
  savedCode,
  savedRefreshToken,
  TestBrowser,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { authorizationParameters, form, formHeaders } from '../support/code-flow.js';

const room = 60;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function expectFull(answer: TestAnswer): void {
  expect({ status: answer.status, retryAfter: answer.fields('retry-after') }).toEqual({
    status: 503,
    retryAfter: ['5'],
  });
}

/** Sends it until the store takes no more. @returns How often it was taken. */
async function fill(send: () => Promise<TestAnswer>, taken: number): Promise<number> {
  for (let times = 0; times <= room; times += 1) {
    const answer = await send();
    if (answer.status !== taken) {
      expectFull(answer);
      return times;
    }
  }
  throw new Error('There is no end to it.');
}

describe('A stranger who begins more than there is room for', () => {
  let stores: AuthorizationServerStores;
  let server: TestServer;
  beforeEach(async () => {
    stores = inMemoryStores({ maxRecords: room });
    server = await testServer({
      clients: undemandingClients,
      accessTokens: { requireProof: false },
      registration: { access: 'open', limit: { limit: 1_000, windowSeconds: 60 } },
      stores,
    });
  });

  const authorize = () => new TestBrowser(server).authorize();
  const push = () =>
    server.send({
      method: 'POST',
      url: '/par',
      headers: formHeaders,
      body: form(authorizationParameters()),
    });
  const register = () =>
    server.send({
      method: 'POST',
      url: '/register',
      headers: { 'content-type': 'application/json' },
      body: '{"redirect_uris":["https://client.example/cb"]}',
    });

  it.each([
    ['interactions', authorize, 303],
    ['pushed requests', push, 201],
  ])('THR-66 THR-73 stops nobody who has a code or a token, by %s', async (_what, send, taken) => {
    const code = await savedCode(server.stores.grants);
    const refreshToken = await savedRefreshToken(server.stores.grants);
    const token = await issuedJwt(server.server, { client_id: 'client-1' });
    expect(await fill(send, taken)).toBe(room);
    expect((await server.send(await tokenRequest(codeForm(code)))).status).toBe(200);
    expect((await server.send(await tokenRequest(refreshForm(refreshToken)))).status).toBe(200);
    const revocation = await tokenRequest({ token, ...(await assertionForm()) });
    expect((await server.send({ ...revocation, url: '/revoke' })).status).toBe(200);
  });

  it.each([
    ['interactions', authorize, 303, 1_200],
    ['pushed requests', push, 201, 660],
    ['clients', register, 201, 87_000],
  ])(
    'THR-66 THR-68 is let in again once what began has ended, though nothing else happens: %s',
    async (_what, send, taken, seconds) => {
      await fill(send, taken);
      server.clock.advance(seconds);
      expect((await send()).status).toBe(taken);
    },
  );

  it('AS-216 INV-3 keeps no client of its own alive by requests that are refused', async () => {
    const own = {
      redirect_uris: ['https://client.example/cb'],
      token_endpoint_auth_method: 'none',
    };
    const { json } = await server.send({
      method: 'POST',
      url: '/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...own, dpop_bound_access_tokens: false }),
    });
    const clientId = textIn(json, 'client_id');
    const use = async (code: string) =>
      server.send(await tokenRequest(codeForm(code, { client_id: clientId })));
    expect((await use('code_unknown')).status).toBe(400);
    const before = await server.stores.clients.find(clientId, server.clock.now());
    expect(before?.unusedExpiresAt).toBeDefined();
    const grant = { clientId, clientSource: 'registered' };
    expect((await use(await savedCode(server.stores.grants, grant))).status).toBe(200);
    const after = await server.stores.clients.find(clientId, server.clock.now());
    expect(after?.unusedExpiresAt).toBeUndefined();
  });

  it('AS-91 THR-73 leaves no more names in the store than its address may try', async () => {
    const counters = new InMemoryCounterStore();
    const limit = { limit: 5, windowSeconds: 60 };
    const counting = await testServer({
      stores: { ...inMemoryStores(), counters },
      failedAuthentications: limit,
    });
    for (let name = 0; name < 100; name += 1) {
      const own = { grant_type: 'client_credentials', client_id: `stranger-${String(name)}` };
      const answer = await counting.send(await tokenRequest(own));
      expect(answer.status).toBe(name < limit.limit ? 401 : 429);
    }
    expect(counters.records).toBe(limit.limit + 1);
  });
});

describe('What is kept of a request', () => {
  it.each([
    ['an authorization request', '/authorize', 303],
    ['a pushed request', '/par', 201],
  ])('THR-73 is what was asked, and not the 60 KB around it: %s', async (_what, url, taken) => {
    const times = 300;
    const server = await testServer({ clients: undemandingClients });
    const send = async (padding: string) => {
      const state = 'a state that is no short text';
      const body = form({ ...authorizationParameters({ state }), padding });
      const answer = await server.send({ method: 'POST', url, headers: formHeaders, body });
      expect(answer.status).toBe(taken);
    };
    await send('');
    const before = heapInUse();
    for (let time = 0; time < times; time += 1) {
      await send('x'.repeat(60_000) + String(time));
    }
    expect((heapInUse() - before) / times).toBeLessThan(15_000);
  });
});
