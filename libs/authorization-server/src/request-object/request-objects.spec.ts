import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import {
  clientKey,
  hash,
  otherKey,
  publicPart,
  signerFor,
  T0,
  testServer,
  type Flaw,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';

interface Verdict {
  readonly accept: boolean;
  readonly status?: number;
  readonly error?: string;
  readonly effective?: Readonly<Record<'state' | 'nonce' | 'redirect_uri', string | null>>;
}

interface Case {
  readonly id: string;
  readonly about: string;
  readonly parRequest: Readonly<Record<string, string | number>>;
  readonly expect: Readonly<Record<'baseline' | 'fapi2ms', Verdict>>;
}

const file = new URL(
  '../../../../test/vectors/authorization-server/as-request-object.json',
  import.meta.url,
);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly client: { readonly redirect_uris: string[]; readonly jwks: object };
  readonly cases: readonly Case[];
};

type Own = Parameters<typeof testServer>[0];

const callback = 'https://client.example/cb';

function serverWith(metadata: Record<string, unknown>, own: Own = {}): Promise<TestServer> {
  const jwks = { keys: [{ ...publicPart(clientKey), kid: 'c-1', use: 'sig' }] };
  const base = { redirect_uris: [callback], token_endpoint_auth_method: 'none', jwks };
  const client = { client_id: 'client-1', metadata: { ...base, ...metadata } };
  return testServer({ clients: [client], ...own });
}

function push(test: TestServer, parameters: Readonly<Record<string, string | number>>) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) body.set(name, String(value));
  return test.send({
    method: 'POST',
    url: '/par',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });
}

async function kept(test: TestServer, answer: TestAnswer) {
  expect(answer.status).toBe(201);
  const { request_uri } = answer.json as { readonly request_uri: string };
  return (await test.stores.grants.findPushedRequest(hash(request_uri), T0))?.request;
}

describe('vectors of signed request objects at the pushed-request endpoint', () => {
  /** AS-254: `nbf` is required by the Message Signing profile, which is not built. */
  const profileOnly = new Set(['J18']);
  const { client } = vectors;
  let servers: Readonly<Record<'baseline' | 'fapi2ms', TestServer>>;
  beforeAll(async () => {
    const strict: Own = { requestObjects: { required: true, algorithms: ['ES256', 'PS256'] } };
    servers = { baseline: await serverWith(client), fapi2ms: await serverWith(client, strict) };
  });
  const rows = (['baseline', 'fapi2ms'] as const).flatMap((profile) =>
    vectors.cases
      .filter(({ id }) => profile === 'baseline' || !profileOnly.has(id))
      .map((each) => [each.id, profile, each.about, each] as const),
  );

  it.each(rows)('AS-40 [%s] %s: %s', async (_id, profile, _about, each) => {
    const test = servers[profile];
    const answer = await push(test, each.parRequest);
    const verdict = each.expect[profile];
    if (!verdict.accept) {
      expect([answer.status, answer.json]).toEqual([verdict.status, { error: verdict.error }]);
      return;
    }
    const request = await kept(test, answer);
    expect(request?.signed).toBe('request' in each.parRequest);
    if (verdict.effective === undefined) return;
    const { state, nonce, redirect_uri } = verdict.effective;
    expect(request).toMatchObject({
      state: state ?? undefined,
      nonce: nonce ?? undefined,
      redirectUri: redirect_uri,
    });
  });
});

async function objectOf(flaw: Flaw = {}, key: typeof clientKey | typeof otherKey = clientKey) {
  const claims = {
    iss: 'client-1',
    aud: 'https://as.example.com',
    client_id: 'client-1',
    exp: T0 + 300,
    nbf: T0,
    jti: crypto.randomUUID(),
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid email',
    state: 'inside',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...flaw,
  };
  const header = { typ: 'oauth-authz-req+jwt', kid: 'c-1' };
  return signCompactJws(header, claims, await signerFor(key));
}

function open(test: TestServer, parameters: Record<string, string>): Promise<TestAnswer> {
  const query = new URLSearchParams({ client_id: 'client-1', ...parameters }).toString();
  return test.send({ url: `/authorize?${query}` });
}

async function interactionOf(test: TestServer, answer: TestAnswer) {
  const [location = ''] = answer.fields('location');
  expect(location).toContain('/interaction/');
  const id = location.slice(location.lastIndexOf('/') + 1);
  const record = await test.stores.grants.findInteraction(hash(id), T0);
  return record?.request;
}

function said(answer: TestAnswer): Record<string, string> {
  const [location = ''] = answer.fields('location');
  expect(location.startsWith(`${callback}?`)).toBe(true);
  return Object.fromEntries(new URL(location).searchParams);
}

let test: TestServer;
beforeAll(async () => {
  test = await serverWith({});
});

describe('a request object at the authorization endpoint', () => {
  it('AS-40 AS-43 is the whole request, whatever stands beside it', async () => {
    const beside = { state: 'outside', nonce: 'outside', prompt: 'none', max_age: 'x' };
    const request = await interactionOf(
      test,
      await open(test, { request: await objectOf(), ...beside }),
    );
    expect(request).toMatchObject({
      state: 'inside',
      nonce: undefined,
      signed: true,
      pushed: false,
    });
    expect(request?.prompt).toBeUndefined();
  });

  it('AS-43 may have its response_type and scope repeated outside, and not contradicted', async () => {
    const same = { response_type: 'code', scope: 'email openid' };
    expect(
      await interactionOf(test, await open(test, { request: await objectOf(), ...same })),
    ).toBeDefined();
    for (const other of [{ response_type: 'token' }, { scope: 'openid profile' }]) {
      const answer = await open(test, { request: await objectOf(), ...other });
      expect(said(answer)).toMatchObject({ error: 'invalid_request_object' });
      expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-43' });
    }
  });

  it('AS-43 decides on redirect_uri, though another stands outside', async () => {
    const redirect_uri = 'https://evil.example/cb';
    const request = await interactionOf(
      test,
      await open(test, { request: await objectOf(), redirect_uri }),
    );
    expect(request?.redirectUri).toBe(callback);
    const inside = await open(test, {
      request: await objectOf({ redirect_uri }),
      redirect_uri: callback,
    });
    expect([inside.status, inside.fields('location')]).toEqual([400, []]);
  });

  it('AS-132 AS-174 may hold objects and lists', async () => {
    const claims = { id_token: { acr: { essential: true } } };
    const request = await interactionOf(
      test,
      await open(test, {
        request: await objectOf({ claims, max_age: 60, resource: ['https://as.example.com'] }),
      }),
    );
    expect(request).toMatchObject({
      claims: { id_token: { acr: { essential: true } } },
      maxAge: 60,
      resources: ['https://as.example.com'],
    });
  });

  it('DPOP-36 counts for the key, and not what stands outside', async () => {
    const inside = 'ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI';
    const outside = 'CUhIuYilrskx3AL5i2bNE-OPtCCr9Nz-TmVg_7T2Qis';
    const both = { request: await objectOf({ dpop_jkt: inside }), dpop_jkt: outside };
    expect(await interactionOf(test, await open(test, both))).toMatchObject({ dpopJkt: inside });
    const only = { request: await objectOf(), dpop_jkt: outside };
    expect((await interactionOf(test, await open(test, only)))?.dpopJkt).toBeUndefined();
  });

  it('AS-02 refuses two values of one', async () => {
    const answer = await open(test, { request: await objectOf({ scope: ['openid', 'email'] }) });
    expect(said(answer)).toMatchObject({ error: 'invalid_request', state: 'inside' });
  });

  it('AS-45 THR-91 tells the client by the outer address what is wrong with it', async () => {
    const request = await objectOf({}, otherKey);
    const answer = await open(test, { request, redirect_uri: callback, state: 'outside' });
    expect(said(answer)).toEqual({
      error: 'invalid_request_object',
      state: 'outside',
      iss: 'https://as.example.com',
    });
  });

  it('AS-45 or by an address inside, which must be registered all the same', async () => {
    const answer = await open(test, { request: await objectOf({}, otherKey) });
    expect(said(answer)).toMatchObject({ error: 'invalid_request_object', state: 'inside' });
    const request = await objectOf({ redirect_uri: 'https://evil.example/' }, otherKey);
    for (const bad of [request, 'a.b.c', 'x']) {
      const page = await open(test, { request: bad });
      expect([page.status, page.fields('location')]).toEqual([400, []]);
      expect(page.body).toContain('invalid_request_object');
    }
  });

  it('AS-42 AS-43 refuses a request object beside a foreign request_uri', async () => {
    const answer = await open(test, {
      request: await objectOf(),
      request_uri: 'https://client.example/r',
    });
    expect(said(answer)).toMatchObject({ error: 'request_uri_not_supported' });
  });

  it('AS-50 THR-91 opens once', async () => {
    const request = await objectOf();
    expect(await interactionOf(test, await open(test, { request }))).toBeDefined();
    expect(said(await open(test, { request }))).toMatchObject({ error: 'invalid_request_object' });
    expect(test.audit.events.at(-1)).toMatchObject({ kind: 'replay', requirement: 'AS-50' });
    expect((await push(test, { client_id: 'client-1', request })).json).toEqual({
      error: 'invalid_request_object',
    });
  });

  it('AS-50 INV-3 is not used up by a refusal', async () => {
    const jti = crypto.randomUUID();
    const bad = await objectOf({ jti, scope: 'bad' });
    expect(said(await open(test, { request: bad }))).toMatchObject({ error: 'invalid_scope' });
    expect(
      await interactionOf(test, await open(test, { request: await objectOf({ jti }) })),
    ).toBeDefined();
  });

  it('AS-50 without a jti can be told from no other, and opens again', async () => {
    const request = await objectOf({ jti: undefined });
    expect(await interactionOf(test, await open(test, { request }))).toBeDefined();
    expect(await interactionOf(test, await open(test, { request }))).toBeDefined();
  });
});

describe('a request object at the pushed-request endpoint', () => {
  it('AS-50 is taken once', async () => {
    const request = await objectOf();
    expect(await kept(test, await push(test, { client_id: 'client-1', request }))).toMatchObject({
      signed: true,
      pushed: true,
    });
    const again = await push(test, { client_id: 'client-1', request });
    expect([again.status, again.json]).toEqual([400, { error: 'invalid_request_object' }]);
  });
});

describe('where request objects are off', () => {
  it('AS-41 they are refused, and never ignored', async () => {
    const off = await serverWith({}, { requestObjects: 'off' });
    const request = await objectOf();
    const answer = await open(off, { request, redirect_uri: callback, response_type: 'code' });
    expect(said(answer)).toMatchObject({ error: 'request_not_supported' });
    const pushed = await push(off, { client_id: 'client-1', request });
    expect([pushed.status, pushed.json]).toEqual([400, { error: 'request_not_supported' }]);
  });
});

describe('where request objects are required', () => {
  const unsigned = {
    client_id: 'client-1',
    redirect_uri: callback,
    response_type: 'code',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  };

  it.each([
    ['the server', {}, { requestObjects: { required: true } }],
    ['the client', { require_signed_request_object: true }, {}],
  ])('AS-40 AS-253 by %s, unsigned requests are refused', async (_who, metadata, own: Own) => {
    const strict = await serverWith(metadata, own);
    expect(said(await open(strict, unsigned))).toMatchObject({ error: 'invalid_request' });
    expect(strict.audit.events.at(-1)).toMatchObject({ requirement: 'AS-253' });
    expect((await push(strict, unsigned)).json).toEqual({ error: 'invalid_request' });
    const request = await objectOf();
    expect(await interactionOf(strict, await open(strict, { request }))).toBeDefined();
  });
});
