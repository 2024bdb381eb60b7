import { describe, expect, it } from '@jest/globals';
import {
  isJsonObject,
  seconds,
  UpstreamError,
  type JsonObject,
  type OutgoingHttp,
} from '@keybound/core';
import {
  clientKey,
  hash,
  listeningServer,
  publicPart,
  requestView,
  scene,
  T0,
  testServer,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { noParameters } from '../endpoint/decoded-parameters.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

type Own = Partial<AuthorizationServerOptions>;

const redirect_uris = ['https://client.example/cb'];
const open: Own = { registration: { access: 'open' } };
const json = { 'content-type': 'application/json' };
const bearerChallenge = `Bearer error="invalid_token", realm="${scene.issuer}"`;

function register(server: TestServer, metadata: JsonObject | string, headers = {}) {
  const body = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  return server.send({ method: 'POST', url: '/register', headers: { ...json, ...headers }, body });
}

function text(answer: TestAnswer, member: string): string {
  const value = answer.json[member];
  if (typeof value !== 'string') throw new Error(`${member} is not there: ${answer.body ?? ''}`);
  return value;
}

interface Registered {
  readonly id: string;
  readonly uri: string;
  readonly token: string;
  readonly answer: TestAnswer;
}

async function registered(server: TestServer, metadata: JsonObject = {}): Promise<Registered> {
  const answer = await register(server, { redirect_uris, ...metadata });
  expect(answer.status).toBe(201);
  return {
    id: text(answer, 'client_id'),
    uri: text(answer, 'registration_client_uri'),
    token: text(answer, 'registration_access_token'),
    answer,
  };
}

function manage(
  server: TestServer,
  method: string,
  { uri, token }: Pick<Registered, 'uri' | 'token'>,
  body?: JsonObject,
) {
  return server.send({
    method,
    url: uri,
    headers: { ...json, authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** A network in which one document is at every URL. */
function documentEverywhere(document: unknown): OutgoingHttp & { asked: string[] } {
  const asked: string[] = [];
  const get = (url: string) => {
    asked.push(url);
    const body = Buffer.from(JSON.stringify(document));
    return Promise.resolve({ body, maxAgeSeconds: undefined });
  };
  return { asked, get };
}

describe('registration', () => {
  it('AS-218 DPOP-29 binds nobody to DPoP where it is off', async () => {
    const server = await testServer({ ...open, dpop: 'off', keyDistribution: {} });
    const { answer } = await registered(server);
    expect(answer.json['dpop_bound_access_tokens']).toBe(false);
    const refused = await register(server, { redirect_uris, dpop_bound_access_tokens: true });
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_client_metadata']);
  });

  it('AS-215 is in the metadata where it is on, and nowhere where it is off', async () => {
    const on = await testServer(open);
    expect(on.server.metadata()).toMatchObject({
      registration_endpoint: `${scene.issuer}/register`,
    });
    const off = await testServer();
    expect(off.server.metadata()).not.toHaveProperty('registration_endpoint');
    expect(off.server.owns('/register')).toBe(false);
  });

  it('AS-215 AS-218 OIDC-16 OIDC-17 answers 201 with everything that was registered', async () => {
    const server = await testServer(open);
    const given = { redirect_uris, client_name: 'Näme', favourite_colour: 'red' };
    const answer = await register(server, given);
    expect(answer.status).toBe(201);
    expect(answer.fields('content-type')).toEqual(['application/json']);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.json).toEqual({
      client_id: expect.stringMatching(/^client_[0-9a-f-]{36}$/),
      client_id_issued_at: T0,
      client_secret: expect.stringMatching(/^secret_[A-Za-z0-9_-]{43}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^reg_[A-Za-z0-9_-]{43}$/),
      registration_client_uri: `${scene.issuer}/register/client?client_id=${text(answer, 'client_id')}`,
      redirect_uris,
      client_name: 'Näme',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      require_auth_time: false,
      dpop_bound_access_tokens: true,
      pop_bound_access_tokens: false,
    });
  });

  it('AS-82 keeps hashes of what it told, and nothing else of it', async () => {
    const server = await testServer(open);
    const { id, token, answer } = await registered(server);
    const record = await server.stores.clients.find(id, T0);
    expect(record).toMatchObject({
      secrets: [{ hash: hash(text(answer, 'client_secret')) }],
      registrationTokenHash: hash(token),
    });
    expect(JSON.stringify(record)).not.toContain(token);
    expect(JSON.stringify(record)).not.toContain(text(answer, 'client_secret'));
  });

  it('AS-82 AS-216 has told a secret that authenticates', async () => {
    const server = await testServer(open);
    const { id, answer } = await registered(server);
    const credentials = Buffer.from(`${id}:${text(answer, 'client_secret')}`).toString('base64');
    const request = {
      view: requestView({ headers: { authorization: `Basic ${credentials}` } }),
      parameters: noParameters,
      query: noParameters,
      json: undefined,
      now: T0,
    };
    const who = await server.server.services.authenticateClient(request, 'token');
    expect(who).toMatchObject({ ok: true, value: { client: { id, standing: 'unverified' } } });
    expect((await server.stores.clients.find(id, T0))?.unusedExpiresAt).toBeUndefined();
  });

  it.each([
    ['none', { token_endpoint_auth_method: 'none' }],
    [
      'private_key_jwt',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicPart(clientKey)] },
      },
    ],
  ])('OIDC-18 makes no secret for %s', async (_, metadata) => {
    const { answer } = await registered(await testServer(open), metadata);
    expect(answer.json).not.toHaveProperty('client_secret');
    expect(answer.json).not.toHaveProperty('client_secret_expires_at');
    expect(answer.json).toMatchObject(metadata);
  });

  it('OIDC-24 gives the URI and the token together, and the URI is used as given', async () => {
    const server = await testServer(open);
    const { uri, token, id } = await registered(server);
    expect(await manage(server, 'GET', { uri, token })).toMatchObject({
      status: 200,
      json: { client_id: id },
    });
  });

  it('AS-124 THR-80 THR-87 chooses the identifier, whatever is asked for', async () => {
    const server = await testServer(open);
    for (const client_id of ['alice', 'https://client.example/id', 'client-1']) {
      const { id } = await registered(server, { client_id, client_secret: 'chosen' });
      expect(id).toMatch(/^client_/);
      expect(await server.stores.clients.find(client_id, T0)).toBeUndefined();
    }
  });

  it('AS-124 THR-87 never makes one identifier twice', async () => {
    const server = await testServer({
      registration: { access: 'open', limit: { limit: 100, windowSeconds: 60 } },
    });
    const all = await Promise.all(Array.from({ length: 20 }, () => registered(server)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(20);
  });

  it('AS-216 marks whom nobody looked at, who goes unless used in a day', async () => {
    const server = await testServer(open);
    const { id } = await registered(server);
    expect(await server.stores.clients.find(id, T0)).toMatchObject({
      standing: 'unverified',
      unusedExpiresAt: T0 + 86_400,
    });
    server.clock.advance(86_399);
    expect(await server.stores.clients.find(id, server.clock.now())).toBeDefined();
    server.clock.advance(1);
    expect(await server.stores.clients.find(id, server.clock.now())).toBeUndefined();
  });

  it.each([
    ['a bad redirect URI', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a redirect URI that is no text', { redirect_uris: [5] }, 'invalid_redirect_uri'],
    [
      '5,000 redirect URIs',
      { redirect_uris: Array(5_000).fill('https://a') },
      'invalid_redirect_uri',
    ],
    ['an unknown grant', { grant_types: ['password'] }, 'invalid_client_metadata'],
    [
      'client_secret_jwt',
      { token_endpoint_auth_method: 'client_secret_jwt' },
      'invalid_client_metadata',
    ],
    ['alg none', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    ['encryption', { id_token_encrypted_response_alg: 'RSA-OAEP' }, 'invalid_client_metadata'],
    ['enc without alg', { userinfo_encrypted_response_enc: 'A128GCM' }, 'invalid_client_metadata'],
    [
      'http for initiate_login_uri',
      { initiate_login_uri: 'http://c.example' },
      'invalid_client_metadata',
    ],
    [
      'jwks beside jwks_uri',
      { jwks: { keys: [publicPart(clientKey)] }, jwks_uri: 'https://c.example' },
      'invalid_client_metadata',
    ],
    ['a private key', { jwks: { keys: [{ ...clientKey }] } }, 'invalid_client_metadata'],
    [
      'a point off its curve',
      { jwks: { keys: [{ ...publicPart(clientKey), y: publicPart(clientKey).x }] } },
      'invalid_client_metadata',
    ],
    ['a software statement', { software_statement: 'e30.e30.eA' }, 'invalid_software_statement'],
    [
      'a software statement that is no text',
      { software_statement: 1 },
      'invalid_software_statement',
    ],
  ] as const)(
    'AS-89 AS-165 AS-183 AS-217 OIDC-22 OIDC-23 THR-80 refuses %s',
    async (_, own, error) => {
      const server = await testServer(open);
      const answer = await register(server, { redirect_uris, ...own });
      expect([answer.status, answer.json]).toEqual([400, { error }]);
      expect(answer.fields('www-authenticate')).toEqual([]);
      expect(answer.fields('cache-control')).toEqual(['no-store']);
    },
  );

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'],
    ['text', { 'content-type': 'text/plain' }, '{}'],
    ['a list', {}, '[]'],
    ['bad JSON', {}, '{"redirect_uris":'],
    ['a member twice', {}, '{"redirect_uris":[],"redirect_uris":[]}'],
    ['nothing', {}, ''],
  ])('OIDC-16 refuses %s as metadata', async (_, headers, body) => {
    const answer = await register(await testServer(open), body, headers);
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_client_metadata' }]);
  });

  it('OIDC-16 still says that content is too large', async () => {
    const answer = await register(await testServer(open), `"${'x'.repeat(70_000)}"`);
    expect(answer.status).toBe(413);
  });

  it('OIDC-25 is by POST alone', async () => {
    const server = await testServer(open);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await server.send({ method, url: '/register', headers: json, body: '{}' });
      expect(answer.status).toBe(405);
      expect(answer.fields('allow')).toEqual(['POST']);
    }
  });
});

describe('initial access tokens', () => {
  const initial = 'initial-0123456789abcdef0123456789abcdef';
  const vouched: Own = {
    registration: {
      access: { initialAccessTokenHashes: [hash('another'), hash(initial)] },
      limit: { limit: 3, windowSeconds: 60 },
    },
  };

  it('AS-215 let a client register, which is then verified and stays', async () => {
    const server = await testServer(vouched);
    const headers = { authorization: `Bearer ${initial}` };
    const answer = await register(server, { redirect_uris }, headers);
    expect(answer.status).toBe(201);
    expect(await server.stores.clients.find(text(answer, 'client_id'), T0)).toMatchObject({
      standing: 'verified',
      unusedExpiresAt: undefined,
    });
  });

  it.each([
    ['missing', {}],
    ['wrong', { authorization: 'Bearer wrong' }],
    ['the hash of a good one', { authorization: `Bearer ${hash(initial)}` }],
    ['under another scheme', { authorization: `Basic ${initial}` }],
    ['in two', { authorization: `Bearer ${initial}, Bearer ${initial}` }],
  ])('AS-215 OIDC-23 answers 401 and a challenge where it is %s', async (_, headers) => {
    const answer = await register(await testServer(vouched), { redirect_uris }, headers);
    expect([answer.status, answer.json]).toEqual([401, { error: 'invalid_token' }]);
    expect(answer.fields('www-authenticate')).toEqual([bearerChallenge]);
  });

  it('THR-80 have a quota each, and so has each address', async () => {
    const server = await testServer(vouched);
    const headers = { authorization: `Bearer ${initial}` };
    const once = () => register(server, { redirect_uris }, headers);
    for (let each = 0; each < 3; each += 1) expect((await once()).status).toBe(201);
    const flood = await once();
    expect(flood.status).toBe(429);
    expect(flood.fields('retry-after')).toEqual(['60']);
  });
});

describe('bursts', () => {
  it('AS-216 THR-80 of one address are answered with 429 and the time to wait', async () => {
    const limit = { limit: 2, windowSeconds: 60 };
    const server = await testServer({ registration: { access: 'open', limit } });
    await registered(server);
    expect((await register(server, { redirect_uris: [] })).status).toBe(400);
    server.clock.advance(10);
    const answer = await register(server, { redirect_uris });
    expect([answer.status, answer.json]).toEqual([429, { error: 'temporarily_unavailable' }]);
    expect(answer.fields('retry-after')).toEqual(['50']);
    server.clock.advance(50);
    expect((await register(server, { redirect_uris })).status).toBe(201);
  });
});

describe('sector_identifier_uri', () => {
  const sector_identifier_uri = 'https://sector.example/uris.json';
  const metadata = { redirect_uris, sector_identifier_uri };

  it('OIDC-21 lists every redirect URI', async () => {
    const http = documentEverywhere([...redirect_uris, 'https://other.example/cb']);
    const answer = await register(await testServer({ ...open, http }), metadata);
    expect(answer).toMatchObject({ status: 201, json: metadata });
    expect(http.asked).toEqual([sector_identifier_uri]);
  });

  it.each([
    ['lacks one', ['https://other.example/cb']],
    ['is no list', { 0: redirect_uris[0] }],
    ['nests them', [redirect_uris]],
    ['is text', redirect_uris[0]],
  ])('OIDC-21 is refused where the document %s', async (_, document) => {
    const http = documentEverywhere(document);
    const answer = await register(await testServer({ ...open, http }), metadata);
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_client_metadata' }]);
  });

  it('OIDC-21 is refused where nobody answers: whoever registers chose the host', async () => {
    const http = { get: () => Promise.reject(new UpstreamError('down')) };
    const answer = await register(await testServer({ ...open, http }), metadata);
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_client_metadata' }]);
  });

  it('INV-5 OIDC-21 is not fetched for a client that is refused anyway', async () => {
    const http = documentEverywhere(redirect_uris);
    const server = await testServer({ ...open, http });
    for (const own of [
      { sector_identifier_uri: 'http://169.254.169.254/latest' },
      { redirect_uris: ['/cb'] },
      { grant_types: ['password'] },
    ]) {
      expect((await register(server, { ...metadata, ...own })).status).toBe(400);
    }
    expect(http.asked).toEqual([]);
  });

  it('AS-180 OIDC-21 is required for pairwise subjects of two hosts', async () => {
    const http = documentEverywhere(['https://a.example/cb', 'https://b.example/cb']);
    const pairwiseSubjects = { salt: 's'.repeat(43) };
    const server = await testServer({ ...open, http, pairwiseSubjects });
    const two = {
      subject_type: 'pairwise',
      redirect_uris: ['https://a.example/cb', 'https://b.example/cb'],
    };
    expect((await register(server, two)).json).toEqual({ error: 'invalid_client_metadata' });
    expect((await register(server, { ...two, sector_identifier_uri })).status).toBe(201);
  });
});

describe('management', () => {
  it('AS-220 OIDC-25 reads what is registered, without the secret', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    const answer = await manage(server, 'GET', client);
    const { client_secret: _, ...rest } = client.answer.json;
    expect([answer.status, answer.json]).toEqual([200, rest]);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
  });

  it('AS-220 OIDC-26 replaces everything', async () => {
    const server = await testServer(open);
    const client = await registered(server, { client_name: 'Old', scope: 'openid' });
    const answer = await manage(server, 'PUT', client, {
      client_id: client.id,
      redirect_uris: ['https://client.example/new'],
      client_uri: 'https://client.example/',
      unknown: 1,
    });
    expect(answer.status).toBe(200);
    const { client_secret: _, client_name: __, scope: ___, ...rest } = client.answer.json;
    expect(answer.json).toEqual({
      ...rest,
      redirect_uris: ['https://client.example/new'],
      client_uri: 'https://client.example/',
    });
    expect((await manage(server, 'GET', client)).json).toEqual(answer.json);
  });

  it('OIDC-26 keeps the secret, makes one where it is needed, and drops it where not', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    const secretsOf = async () => (await server.stores.clients.find(client.id, T0))?.secrets;
    const put = (own: JsonObject) =>
      manage(server, 'PUT', client, { client_id: client.id, redirect_uris, ...own });
    const before = await secretsOf();
    const own = text(client.answer, 'client_secret');
    expect((await put({ client_secret: own })).status).toBe(200);
    expect(await secretsOf()).toEqual(before);

    const without = await put({ token_endpoint_auth_method: 'none' });
    expect(without.json).not.toHaveProperty('client_secret_expires_at');
    expect(await secretsOf()).toEqual([]);

    const again = await put({});
    expect(again.json).toMatchObject({ client_secret_expires_at: 0 });
    expect(await secretsOf()).toMatchObject([{ hash: hash(text(again, 'client_secret')) }]);
    expect(text(again, 'client_secret')).not.toBe(own);
  });

  it.each([
    ['another client_id', { client_id: 'client-1' }, 'invalid_client_metadata'],
    ['no client_id', { client_id: null }, 'invalid_client_metadata'],
    ['a secret of its own choice', { client_secret: 'x'.repeat(50) }, 'invalid_client_metadata'],
    ['a secret that is no text', { client_secret: 5 }, 'invalid_client_metadata'],
    ['its token', { registration_access_token: 'reg_x' }, 'invalid_request'],
    ['its URI', { registration_client_uri: 'https://as.example.com' }, 'invalid_request'],
    ['the end of its secret', { client_secret_expires_at: 0 }, 'invalid_request'],
    ['when it was issued', { client_id_issued_at: T0 }, 'invalid_request'],
    ['a bad redirect URI', { redirect_uris: ['data:,x'] }, 'invalid_redirect_uri'],
    ['alg none', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    ['a software statement', { software_statement: 'x' }, 'invalid_software_statement'],
  ])('OIDC-26 THR-80 refuses a replacement with %s, and changes nothing', async (_, own, error) => {
    const server = await testServer(open);
    const client = await registered(server);
    const before = await server.stores.clients.find(client.id, T0);
    const body = { client_id: client.id, redirect_uris, ...own };
    const answer = await manage(server, 'PUT', client, body);
    expect([answer.status, answer.json]).toEqual([400, { error }]);
    expect(await server.stores.clients.find(client.id, T0)).toEqual(before);
  });

  it('OIDC-27 deletes a client with its grants', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    const grant = { ...grantOf(client.id), id: 'grant_1' };
    await server.stores.grants.saveGrantWithCode(grant, codeOf(client.id, grant.id));
    const token = { jti: 'token-1', grantId: grant.id };
    expect(await server.stores.grants.isAccessTokenActive(token, T0)).toBe(true);
    const answer = await manage(server, 'DELETE', client);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(await server.stores.clients.find(client.id, T0)).toBeUndefined();
    expect(await server.stores.grants.isAccessTokenActive(token, T0)).toBe(false);
  });

  it('AS-220 OIDC-27 ends the tokens of the client itself, which have no grant', async () => {
    const server = await testServer({ ...open, accessTokens: { requireProof: false } });
    const grants = { grant_types: ['client_credentials'], response_types: [] };
    const client = await registered(server, { ...grants, dpop_bound_access_tokens: false });
    const secret = text(client.answer, 'client_secret');
    const basic = Buffer.from(`${client.id}:${secret}`).toString('base64');
    const issued = await server.send({
      method: 'POST',
      url: '/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${basic}`,
      },
      body: 'grant_type=client_credentials',
    });
    const { introspection } = server.server;
    const introspected = () => introspection.introspect(text(issued, 'access_token'), T0);
    expect(await introspected()).toMatchObject({ ok: true, value: { active: true } });
    expect((await manage(server, 'DELETE', client)).status).toBe(204);
    expect(await introspected()).toEqual({ ok: true, value: { active: false } });
  });

  it('OIDC-25 answers 401 and never 404 for a client that is gone', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    expect((await manage(server, 'DELETE', client)).status).toBe(204);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await manage(server, method, client, { client_id: client.id, redirect_uris });
      expect([answer.status, answer.json]).toEqual([401, { error: 'invalid_token' }]);
      expect(answer.fields('www-authenticate')).toEqual([bearerChallenge]);
    }
  });

  it('OIDC-25 THR-80 answers a wrong token, another client’s and none in the same way', async () => {
    const server = await testServer(open);
    const [one, two] = [await registered(server), await registered(server)];
    const { uri } = one;
    const answers = [
      await manage(server, 'GET', { uri, token: two.token }),
      await manage(server, 'GET', { uri, token: 'reg_wrong' }),
      await manage(server, 'GET', { uri, token: hash(one.token) }),
      await manage(server, 'GET', { uri: `${uri}x`, token: one.token }),
      await manage(server, 'GET', { uri: `${uri}&client_id=${one.id}`, token: one.token }),
      await manage(server, 'GET', { uri: '/register/client', token: one.token }),
      await server.send({ method: 'GET', url: uri }),
      await server.send({ method: 'GET', url: `${uri}&access_token=${one.token}` }),
    ];
    for (const { status, headers, body } of answers) {
      expect({ status, headers, body }).toEqual({
        status: 401,
        headers: answers[0]?.headers,
        body: '{"error":"invalid_token"}',
      });
    }
    expect((await manage(server, 'GET', one)).status).toBe(200);
  });

  it('OIDC-25 has no other methods', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    for (const method of ['POST', 'PATCH']) {
      const answer = await manage(server, method, client, {});
      expect(answer.status).toBe(405);
      expect(answer.fields('allow')).toEqual(['GET, PUT, DELETE']);
    }
  });

  it('AS-220 THR-80 lets a replacement lose against a deletion, and not bring the client back', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    const { clients } = server.stores;
    const replace = clients.replace.bind(clients);
    clients.replace = async (record) => (await clients.remove(record.id), replace(record));
    const answer = await manage(server, 'PUT', client, { client_id: client.id, redirect_uris });
    expect(answer.status).toBe(401);
    expect(await clients.find(client.id, T0)).toBeUndefined();
  });

  it('AS-220 has both of two replacements at once, one after the other', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    const put = (client_name: string) =>
      manage(server, 'PUT', client, { client_id: client.id, redirect_uris, client_name });
    const answers = await Promise.all([put('one'), put('two')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await server.stores.clients.find(client.id, T0))?.version).toBe(3);
  });

  it('AS-216 limits replacements of one client', async () => {
    const limit = { limit: 1, windowSeconds: 60 };
    const server = await testServer({ registration: { access: 'open', limit } });
    const client = await registered(server);
    const put = () => manage(server, 'PUT', client, { client_id: client.id, redirect_uris });
    expect((await put()).status).toBe(200);
    expect((await put()).status).toBe(429);
  });

  it('AS-216 keeps the day of grace of a client that replaced its registration unused', async () => {
    const server = await testServer(open);
    const client = await registered(server);
    await manage(server, 'PUT', client, { client_id: client.id, redirect_uris });
    expect(await server.stores.clients.find(client.id, T0)).toMatchObject({
      standing: 'unverified',
      unusedExpiresAt: T0 + 86_400,
    });
  });

  it('INV-1 answers whatever JSON there is without a fault', async () => {
    const server = await testServer({
      registration: { access: 'open', limit: { limit: 1_000, windowSeconds: 60 } },
    });
    const values = [null, 0, '', [], {}, true, [null], [{}], { keys: null }, { keys: [null] }];
    const { answer } = await registered(server);
    for (const member of Object.keys(answer.json)) {
      for (const value of values) {
        const { status, json } = await register(server, { redirect_uris, [member]: value });
        expect([201, 400]).toContain(status);
        expect(isJsonObject(json)).toBe(true);
      }
    }
  });
});

describe('over HTTP', () => {
  it('AS-215 AS-220 OIDC-16 OIDC-25 registers, reads, replaces and deletes', async () => {
    const server = await testServer(open);
    const listening = await listeningServer(server.server);
    try {
      const at = (uri: string) => uri.replace(scene.issuer, listening.base);
      const body = JSON.stringify({ redirect_uris });
      const created = await fetch(at(`${scene.issuer}/register`), {
        method: 'POST',
        headers: json,
        body,
      });
      expect(created.status).toBe(201);
      const told = (await created.json()) as Record<string, string>;
      const headers = {
        ...json,
        authorization: `Bearer ${told['registration_access_token'] ?? ''}`,
      };
      const uri = at(told['registration_client_uri'] ?? '');
      const send = async (method: string, content?: object) => {
        const sent = content === undefined ? {} : { body: JSON.stringify(content) };
        const { status } = await fetch(uri, { method, headers, ...sent });
        return status;
      };
      expect(await send('GET')).toBe(200);
      expect(await send('PUT', { client_id: told['client_id'], redirect_uris })).toBe(200);
      expect(await send('DELETE')).toBe(204);
      expect(await send('GET')).toBe(401);
    } finally {
      await listening.close();
    }
  });
});

function grantOf(clientId: string) {
  return {
    clientId,
    clientSource: 'registered',
    localSubject: 'alice',
    login: undefined,
    scopes: [],
    resources: [],
    authorizationDetails: [],
    claims: undefined,
    slots: {},
    offline: true,
    createdAt: T0,
    expiresAt: seconds(T0 + 600),
  };
}

function codeOf(clientId: string, grantId: string) {
  return {
    hash: hash('code_x'),
    kind: 'authorization_code',
    grantId,
    clientId,
    redirectUri: undefined,
    codeChallenge: undefined,
    nonce: undefined,
    dpopJkt: undefined,
    expiresAt: seconds(T0 + 60),
    failures: 0,
    redeemedAt: undefined,
    slots: {},
  };
}
