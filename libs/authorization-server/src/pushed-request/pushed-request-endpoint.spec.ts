import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  authorizeWith,
  clientSecret,
  dpopProof,
  hash,
  interactionIn,
  jkt,
  openPushed as open,
  pushedRequest as kept,
  pushWith as push,
  requestUriOf as uriOf,
  sentToClient,
  T0,
  testClients,
  testServer,
  type ParameterFlaw as Flaw,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';

const basic = { authorization: `Basic ${btoa(`secret-1:${clientSecret}`)}` };

function refusedOnPage(answer: TestAnswer, error = 'invalid_request_uri'): void {
  expect(answer.status).toBe(400);
  expect(answer.fields('location')).toEqual([]);
  expect(answer.body).toContain(`<code>${error}</code>`);
}

async function interactionOf(test: TestServer, answer: TestAnswer) {
  return test.stores.grants.findInteraction(hash(interactionIn(answer)), test.clock.now());
}

let test: TestServer;
beforeAll(async () => {
  test = await testServer();
});

describe('the pushed-request endpoint', () => {
  it('AS-30 AS-33 INV-8 names a request for 60 seconds', async () => {
    const answer = await push(test);
    expect(answer.status).toBe(201);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.fields('content-type')).toEqual(['application/json']);
    expect(answer.json).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{43}$/),
      expires_in: 60,
    });
    expect(await kept(test, answer)).toMatchObject({
      state: 'state-1',
      pushed: true,
      signed: false,
    });
    expect(uriOf(await push(test))).not.toBe(answer.json['request_uri']);
  });

  it('AS-33 for as long as it is configured', async () => {
    const longer = await testServer({ pushedRequests: { lifetimeSeconds: 600 } });
    expect((await push(longer)).json).toMatchObject({ expires_in: 600 });
  });

  it('AS-80 takes it from a client that authenticates, named once or twice', async () => {
    for (const client_id of ['secret-1', undefined]) {
      expect(await kept(test, await push(test, { client_id }, basic))).toMatchObject({
        clientId: 'secret-1',
      });
    }
  });

  it.each([
    ['without a secret', {}],
    ['with a wrong one', { authorization: `Basic ${btoa('secret-1:wrong')}` }],
  ])('AS-30 AS-32 refuses a confidential client %s', async (_what, fields) => {
    const answer = await push(test, { client_id: 'secret-1' }, fields);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error: 'invalid_client' });
  });

  it('AS-81 refuses a client that pushes for another', async () => {
    const answer = await push(test, { client_id: 'public-1' }, basic);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(402);
  });

  it('AS-31 THR-59 refuses a request_uri, its own too', async () => {
    const request_uri = uriOf(await push(test));
    for (const value of [request_uri, 'urn:x', 'https://client.example/request']) {
      const answer = await push(test, { request_uri: value });
      expect(answer.status).toBe(400);
      expect(answer.json).toEqual({ error: 'invalid_request' });
      expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-31' });
    }
  });

  it.each([
    [
      'AS-04 AS-37',
      'an unregistered redirect_uri',
      { redirect_uri: 'https://evil.example/' },
      'invalid_request',
    ],
    ['AS-06', 'no redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['AS-02', 'a repeated scope', { scope: ['openid', 'openid'] }, 'invalid_request'],
    ['AS-07', 'another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['AS-10', 'no PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['AS-11', 'plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['AS-12', 'unknown scopes', { scope: 'bad' }, 'invalid_scope'],
    ['AS-130', 'an unknown resource', { resource: 'https://unknown.example' }, 'invalid_target'],
    [
      'AS-132',
      'details of no type',
      { authorization_details: '[{}]' },
      'invalid_authorization_details',
    ],
    ['AS-174', 'bad claims', { claims: '[]' }, 'invalid_request'],
    ['AS-14', 'a registration', { registration: '{}' }, 'registration_not_supported'],
    ['DPOP-36', 'a bad thumbprint', { dpop_jkt: 'short' }, 'invalid_request'],
  ])('%s AS-32 refuses %s as JSON', async (id, _what, flaw: Flaw, error) => {
    const answer = await push(test, flaw);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error });
    expect(answer.fields('location')).toEqual([]);
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: id.split(' ')[0] });
  });

  it.each(['GET', 'PUT', 'DELETE'])('AS-30 refuses %s', async (method) => {
    const answer = await test.send({ method, url: '/par' });
    expect(answer.status).toBe(405);
    expect(answer.fields('allow').join()).toContain('POST');
  });

  it('AS-32 refuses more content than it reads', async () => {
    const answer = await push(test, { state: 'a'.repeat(70_000) });
    expect(answer.status).toBe(413);
    expect(answer.json).toEqual({ error: 'invalid_request' });
  });
});

describe('a DPoP proof with a pushed request (RFC 9449 §10.1)', () => {
  const proof = (flaw = {}) =>
    dpopProof({ htm: 'POST', htu: 'https://as.example.com/par', ...flaw });

  it('DPOP-39 binds the code to its key', async () => {
    const answer = await push(test, {}, { dpop: await proof() });
    expect(await kept(test, answer)).toMatchObject({ dpopJkt: jkt });
  });

  it('AS-39 DPOP-13 is spent by a success, and by nothing else', async () => {
    const dpop = await proof();
    expect((await push(test, { scope: 'bad' }, { dpop })).status).toBe(400);
    expect((await push(test, {}, { dpop })).status).toBe(201);
    const again = await push(test, {}, { dpop });
    expect(again.json).toEqual({ error: 'invalid_dpop_proof' });
  });

  it('DPOP-39 is refused in two copies, or for another endpoint', async () => {
    const one = await proof();
    for (const dpop of [[one, one], await proof({ htu: 'https://as.example.com/token' })]) {
      expect((await push(test, {}, { dpop })).json).toEqual({ error: 'invalid_dpop_proof' });
    }
  });
});

describe('a request URI at the authorization endpoint', () => {
  it('AS-36 THR-59 stands for the whole request: nothing beside it counts', async () => {
    const request_uri = uriOf(await push(test));
    const beside = {
      client_id: 'public-1',
      request_uri,
      scope: 'email',
      state: 'query',
      redirect_uri: 'https://evil.example/',
      response_type: 'token',
      prompt: 'none',
    };
    const record = await interactionOf(test, await authorizeWith(test, beside));
    expect(record?.request).toMatchObject({
      scopes: ['openid', 'profile'],
      state: 'state-1',
      pushed: true,
    });
    expect(record?.request.prompt).toBeUndefined();
    expect(record?.pushedRequestHash).toBe(hash(request_uri));
  });

  it('AS-36 counts though others come twice', async () => {
    const request_uri = uriOf(await push(test));
    const url = `/authorize?client_id=public-1&request_uri=${request_uri}&scope=a&scope=b`;
    expect(await interactionOf(test, await test.send({ url }))).toBeDefined();
  });

  it('AS-34 opens as often as it is loaded, until its authorization ends', async () => {
    const request_uri = uriOf(await push(test));
    const first = await interactionOf(test, await open(test, request_uri));
    const second = await interactionOf(test, await open(test, request_uri));
    expect(first).toBeDefined();
    expect(second?.hash).not.toBe(first?.hash);
    await test.stores.grants.endInteraction(first?.hash ?? '', first?.pushedRequestHash, T0);
    refusedOnPage(await open(test, request_uri));
  });

  it('AS-33 opens in its last second, and no longer', async () => {
    const own = await testServer();
    const request_uri = uriOf(await push(own));
    own.clock.set(T0 + 59);
    expect(await interactionOf(own, await open(own, request_uri))).toBeDefined();
    own.clock.set(T0 + 60);
    refusedOnPage(await open(own, request_uri));
    expect(own.audit.events.at(-1)).toMatchObject({ requirement: 'AS-33' });
  });

  it('AS-35 THR-59 is nothing to another client', async () => {
    const request_uri = uriOf(await push(test));
    refusedOnPage(await open(test, request_uri, 'client-1'));
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-35' });
  });

  it.each([
    ['guessed', `urn:ietf:params:oauth:request_uri:${'A'.repeat(43)}`],
    ['short', 'urn:ietf:params:oauth:request_uri:x'],
    ['long', `urn:ietf:params:oauth:request_uri:${'A'.repeat(20_000)}`],
  ])('AS-33 THR-59 is refused where it is %s', async (_what, request_uri) => {
    refusedOnPage(await open(test, request_uri));
  });

  it('AS-36 is refused where it comes twice', async () => {
    const request_uri = uriOf(await push(test));
    const twice = `request_uri=${request_uri}&request_uri=${request_uri}`;
    refusedOnPage(
      await test.send({ url: `/authorize?client_id=public-1&${twice}` }),
      'invalid_request',
    );
  });

  it('AS-35 is refused once its redirect URI is no longer registered', async () => {
    const [client] = testClients;
    if (client === undefined) throw new Error('No client.');
    const stores = test.stores;
    const metadata = { ...client.metadata, redirect_uris: ['https://client.example/other'] };
    const changed = await testServer({ stores, clients: [{ ...client, metadata }] });
    const request_uri = uriOf(await push(test));
    refusedOnPage(await open(changed, request_uri));
  });

  it('AS-13 errors that come later go to the client', async () => {
    const request_uri = uriOf(await push(test, { prompt: 'none' }));
    const answer = await open(test, request_uri);
    expect(sentToClient(answer)).toEqual({
      error: 'login_required',
      state: 'state-1',
      iss: 'https://as.example.com',
    });
  });
});

describe('where requests must be pushed', () => {
  const direct = (server: TestServer, client_id = 'public-1') =>
    authorizeWith(server, { client_id });
  const isRefused = (server: TestServer, answer: TestAnswer) => {
    expect(sentToClient(answer)).toMatchObject({ error: 'invalid_request' });
    expect(server.audit.events.at(-1)).toMatchObject({ requirement: 'AS-38' });
  };

  it('AS-38 by the server, others are refused', async () => {
    const own = await testServer({ pushedRequests: { required: true } });
    isRefused(own, await direct(own));
    const request_uri = uriOf(await push(own));
    expect(await interactionOf(own, await open(own, request_uri))).toBeDefined();
  });

  it('AS-38 by the client, others of its own are refused', async () => {
    const clients = testClients.map((client) => ({
      ...client,
      metadata: {
        ...client.metadata,
        require_pushed_authorization_requests: client.client_id === 'public-1',
      },
    }));
    const own = await testServer({ clients });
    isRefused(own, await direct(own));
    expect(await interactionOf(own, await direct(own, 'secret-1'))).toBeDefined();
  });
});
