import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { testServer, type RequestInput, type TestServer } from '@keybound/testing';
import { inMemoryStores } from '../storage/in-memory-stores.js';

interface Row {
  readonly endpoint: string;
  readonly condition: string;
  readonly status: number;
  readonly error: string | null;
  readonly delivery?: string;
  readonly headers?: readonly string[];
}

const file = new URL(
  '../../../../test/vectors/authorization-server/as-errors.json',
  import.meta.url,
);
const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: readonly Row[] };
const callback = 'https://client.example/cb';
const metadata = { redirect_uris: [callback], token_endpoint_auth_method: 'none' };

type Values = Readonly<Record<string, string>>;
const perfect: Values = {
  client_id: 'public-1',
  redirect_uri: callback,
  response_type: 'code',
  scope: 'openid',
  state: 'state-1',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

function without(...names: string[]): Values {
  return Object.fromEntries(Object.entries(perfect).filter(([name]) => !names.includes(name)));
}

function get(values: Values, more = ''): RequestInput {
  return { url: `/authorize?${new URLSearchParams(values).toString()}${more}` };
}

function post(values: Values): RequestInput {
  return {
    method: 'POST',
    url: '/par',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(values).toString(),
  };
}

/** A server on which the condition holds, and the request that meets it. */
interface Situation {
  readonly request: RequestInput;
  readonly own?: Parameters<typeof testServer>[0];
}

const downStores = () => {
  const down = () => Promise.reject(new StoreUnavailableError('down'));
  const grants = new Proxy(inMemoryStores().grants, {
    get: (store, name) => (name === 'sharing' ? store.sharing : down),
  });
  return { ...inMemoryStores(), grants };
};

const authorize: ReadonlyMap<string, Situation> = new Map([
  ['unknown or malformed client_id', { request: get({ ...perfect, client_id: 'nobody' }) }],
  ['redirect_uri missing or not registered', { request: get(without('redirect_uri')) }],
  [
    'request_uri unknown, expired, used or of another client',
    { request: get({ client_id: 'public-1', request_uri: 'urn:ietf:params:oauth:request_uri:x' }) },
  ],
  ['repeated parameter (client and redirect_uri fine)', { request: get(perfect, '&scope=openid') }],
  ['response_type missing', { request: get(without('response_type')) }],
  ['response_type other than code', { request: get({ ...perfect, response_type: 'token' }) }],
  [
    'client not allowed this response_type',
    { request: get({ ...perfect, client_id: 'device-1' }) },
  ],
  ['no code_challenge, or method not S256', { request: get(without('code_challenge_method')) }],
  ['scope unknown in full', { request: get({ ...perfect, scope: 'bad' }) }],
  ['prompt=none without session', { request: get({ ...perfect, prompt: 'none' }) }],
  [
    'request parameter although not supported',
    { request: get({ ...perfect, request: 'a.b.c' }), own: { requestObjects: 'off' } },
  ],
  [
    'foreign request_uri although not supported',
    { request: get({ ...perfect, request_uri: 'https://client.example/request' }) },
  ],
  [
    'registration parameter (OIDC Core section 7.2.1)',
    { request: get({ ...perfect, registration: '{}' }) },
  ],
  ['request object bad', { request: get({ ...perfect, request: 'a.b.c' }) }],
  ['resource unknown', { request: get({ ...perfect, resource: 'https://unknown.example' }) }],
  ['authorization_details bad', { request: get({ ...perfect, authorization_details: '[]' }) }],
  [
    'PAR required and not used',
    { request: get(perfect), own: { pushedRequests: { required: true } } },
  ],
  ['store down', { request: get(perfect), own: { stores: downStores() } }],
  ['method other than GET and POST', { request: { ...get(perfect), method: 'PUT' } }],
]);

const par: ReadonlyMap<string, Situation> = new Map([
  ['success', { request: post(perfect) }],
  ['client authentication failed', { request: post({ ...perfect, client_id: 'nobody' }) }],
  ['request_uri parameter present', { request: post({ ...perfect, request_uri: 'urn:x' }) }],
  ['method other than POST', { request: { method: 'GET', url: '/par' } }],
  ['body too large', { request: post({ ...perfect, state: 's'.repeat(70_000) }) }],
  [
    'redirect_uri not registered',
    { request: post({ ...perfect, redirect_uri: 'https://evil.example/' }) },
  ],
]);

/** Found out only when the user is asked, or by limits that hold for every endpoint. */
const elsewhere = new Set([
  'user refuses',
  'prompt=none, consent needed',
  'prompt=none, account choice needed',
  'prompt=none, anything else needed',
  'acr essential and not reachable',
  'too many requests',
]);
const compared = 'any other refusal of the authorization endpoint';

const clients = [
  { client_id: 'public-1', metadata },
  {
    client_id: 'device-1',
    metadata: { ...metadata, grant_types: ['client_credentials'], response_types: [] },
  },
].map((client) =>
  client.client_id === 'public-1'
    ? client
    : {
        ...client,
        metadata: { ...client.metadata, token_endpoint_auth_method: 'client_secret_basic' },
        secrets: ['device-1-0123456789abcdef0123456789abcdef'],
      },
);

async function answerTo({ request, own }: Situation) {
  return (await testServer({ clients, ...own })).send(request);
}

describe('the error table of the authorization endpoint', () => {
  const table = rows.filter(({ endpoint }) => endpoint === 'authorize');

  it.each(table.filter(({ condition }) => !elsewhere.has(condition)))(
    'AS-14 authorize: $condition',
    async ({ condition, status, error, delivery, headers = [] }) => {
      const situation = authorize.get(condition);
      if (situation === undefined) throw new Error(`Nobody tries: ${condition}`);
      const answer = await answerTo(situation);
      expect(answer.status).toBe(status);
      for (const name of headers) expect(answer.fields(name.toLowerCase())).toHaveLength(1);
      const [location] = answer.fields('location');
      if (delivery !== 'redirect') {
        expect(location).toBeUndefined();
        expect(answer.fields('content-type')).toEqual(['text/html; charset=utf-8']);
        if (error !== null) expect(answer.body).toContain(`<code>${error}</code>`);
        return;
      }
      expect(location?.startsWith(`${callback}?`)).toBe(true);
      expect(Object.fromEntries(new URL(location ?? '').searchParams)).toEqual({
        error,
        state: 'state-1',
        iss: 'https://as.example.com',
      });
    },
  );
});

describe('the error table of the pushed-request endpoint', () => {
  const table = rows.filter(({ endpoint }) => endpoint === 'par');
  const direct = table.filter(
    ({ condition }) => !elsewhere.has(condition) && condition !== compared,
  );

  it.each(direct)(
    'AS-14 AS-32 par: $condition',
    async ({ condition, status, error, headers = [] }) => {
      const situation = par.get(condition);
      if (situation === undefined) throw new Error(`Nobody tries: ${condition}`);
      const answer = await answerTo(situation);
      expect(answer.status).toBe(status);
      for (const name of headers) expect(answer.fields(name.toLowerCase())).toHaveLength(1);
      if (error !== null) expect(answer.json).toEqual({ error });
    },
  );

  describe(compared, () => {
    let test: TestServer;
    beforeAll(async () => {
      test = await testServer({ clients });
    });

    it.each([
      { response_type: 'token' },
      { response_type: '' },
      { code_challenge_method: 'plain' },
      { scope: 'bad' },
      { request: 'a.b.c' },
      { registration: '{}' },
      { resource: 'https://unknown.example' },
      { authorization_details: '[]' },
      { claims: '[]' },
      { prompt: 'none login' },
      { response_mode: 'fragment' },
      { max_age: 'x' },
    ])('AS-14 AS-32 par: the same code for %j', async (flaw) => {
      const redirected = await test.send(get({ ...perfect, ...(flaw as Values) }));
      const [location = ''] = redirected.fields('location');
      const error = new URL(location).searchParams.get('error');
      expect(error).not.toBeNull();
      const pushed = await test.send(post({ ...perfect, ...(flaw as Values) }));
      expect([pushed.status, pushed.json]).toEqual([400, { error }]);
    });
  });
});
