import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  authorizationForm,
  authorizeWith as authorize,
  callback,
  formTo,
  sentToClient as said,
  testServer,
  waitingRequest as kept,
  type ParameterFlaw as Flaw,
  type TestServer,
} from '@keybound/testing';

let test: TestServer;
beforeAll(async () => {
  test = await testServer();
});

describe('the authorization endpoint takes a request', () => {
  it('AS-01 OIDC-28 by GET and by POST alike', async () => {
    const form = Object.fromEntries(new URLSearchParams(authorizationForm()));
    const posted = await test.send(formTo('/authorize', form));
    const request = await kept(test, posted);
    expect(request).toEqual(await kept(test, await authorize(test)));
    expect(request).toMatchObject({
      clientId: 'public-1',
      redirectUri: callback,
      responseMode: 'query',
      state: 'state-1',
      nonce: undefined,
      codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      scopes: ['openid', 'profile'],
      resources: [],
      authorizationDetails: [],
      claims: undefined,
      prompt: undefined,
      maxAge: undefined,
      dpopJkt: undefined,
      pushed: false,
      signed: false,
      slots: {},
    });
  });

  it('AS-02 OIDC-29 with parameters that nobody knows, however often they come', async () => {
    const strange = { extra: ['foobar', 'foobar'], 'scope[]': ['a', 'b'], 'state[x]': '1' };
    const request = await kept(test, await authorize(test, strange));
    expect(request.scopes).toEqual(['openid', 'profile']);
    expect(request.state).toBe('state-1');
  });

  it('AS-02 with an empty value as if it were absent', async () => {
    const empty = { nonce: '', prompt: '', max_age: '', claims: '', resource: '', dpop_jkt: '' };
    expect(await kept(test, await authorize(test, empty))).toMatchObject({
      nonce: undefined,
      prompt: undefined,
      maxAge: undefined,
      claims: undefined,
      resources: [],
      dpopJkt: undefined,
    });
  });

  it('AS-02 with hints of any kind, good or bad', async () => {
    const hints = {
      display: 'popup',
      ui_locales: 'de-CH en',
      login_hint: 'alice',
      claims_locales: 'x',
    };
    expect(await kept(test, await authorize(test, hints))).toMatchObject({
      display: 'popup',
      uiLocales: ['de-CH', 'en'],
      loginHint: 'alice',
    });
    const long = 'a'.repeat(2_000);
    const bad = { display: '<b>', ui_locales: `${long} $`, login_hint: long };
    expect(await kept(test, await authorize(test, bad))).toMatchObject({
      display: undefined,
      uiLocales: [],
      loginHint: undefined,
    });
  });

  it('KD-01 and ignores keys that are for the token endpoint', async () => {
    const keys = { req_cnf: 'bm8', key: 'bm8', token_type: 'pop' };
    expect(await kept(test, await authorize(test, keys))).toMatchObject({ dpopJkt: undefined });
  });

  it('DPOP-36 with the key that its code will be bound to', async () => {
    const dpop_jkt = 'ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI';
    const request = await kept(test, await authorize(test, { dpop_jkt }));
    expect(request.dpopJkt).toBe(dpop_jkt);
  });

  it('DPOP-36 with a dpop_jkt that means nothing to a server without DPoP', async () => {
    const accessTokens = { requireProof: false };
    const bearer = await testServer({ dpop: 'off', accessTokens });
    expect(
      (await kept(bearer, await authorize(bearer, { dpop_jkt: 'short' }))).dpopJkt,
    ).toBeUndefined();
  });

  it('AS-171 AS-172 with what its client registered, where it says nothing', async () => {
    const metadata = {
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
      default_max_age: 600,
      default_acr_values: ['urn:c'],
    };
    const clients = [{ client_id: 'public-1', metadata }];
    const own = await testServer({ clients });
    expect(await kept(own, await authorize(own))).toMatchObject({
      maxAge: 600,
      acrValues: ['urn:c'],
    });
    const asked = await authorize(own, { max_age: '10', acr_values: 'urn:d' });
    expect(await kept(own, asked)).toMatchObject({ maxAge: 10, acrValues: ['urn:d'] });
  });

  it('AS-170 AS-171 AS-172 with what it asks of the login', async () => {
    const asked = { prompt: 'login consent', max_age: '0', acr_values: 'urn:b  urn:a urn:b' };
    expect(await kept(test, await authorize(test, asked))).toMatchObject({
      prompt: ['login', 'consent'],
      maxAge: 0,
      acrValues: ['urn:b', 'urn:a'],
    });
  });

  it.each([
    ['AS-09', 'state', 4_096],
    ['AS-162', 'nonce', 1_024],
  ] as const)('%s with the longest %s, kept as it is', async (_id, name, length) => {
    const value = 'ü'.repeat(length);
    expect(await kept(test, await authorize(test, { [name]: value }))).toMatchObject({
      [name]: value,
    });
  });
});

describe('the authorization endpoint shows a page, and never redirects,', () => {
  it.each([
    ['AS-03', 'an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['AS-03', 'no client', { client_id: undefined }, 'invalid_client'],
    ['AS-03', 'a malformed client', { client_id: 'a\u0001b' }, 'invalid_client'],
    ['AS-03', 'an overlong client', { client_id: 'a'.repeat(20_000) }, 'invalid_client'],
    ['THR-34', 'a client from the prototype', { client_id: '__proto__' }, 'invalid_client'],
    ['OIDC-28', 'two clients', { client_id: ['public-1', 'public-1'] }, 'invalid_request'],
    ['AS-06', 'no redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['AS-04', 'another path', { redirect_uri: `${callback}/` }, 'invalid_request'],
    ['AS-04', 'an added query', { redirect_uri: `${callback}?x=1` }, 'invalid_request'],
    ['AS-05', 'a script', { redirect_uri: 'javascript:alert(1)' }, 'invalid_request'],
    ['THR-44', 'a fragment', { redirect_uri: `${callback}#` }, 'invalid_request'],
    ['THR-44', 'another host', { redirect_uri: 'https://evil.example/cb' }, 'invalid_request'],
    ['THR-44', 'two redirect URIs', { redirect_uri: [callback, callback] }, 'invalid_request'],
  ])('%s for %s', async (_id, _what, flaw: Flaw, error) => {
    for (const response_mode of ['query', 'form_post', 'fragment']) {
      const answer = await authorize(test, { ...flaw, response_mode });
      expect(answer.status).toBe(400);
      expect(answer.fields('location')).toEqual([]);
      expect(answer.fields('content-type')).toEqual(['text/html; charset=utf-8']);
      expect(answer.body).toContain(`<code>${error}</code>`);
      expect(answer.body).not.toContain('evil.example');
    }
  });
});

describe('the authorization endpoint tells the client', () => {
  const refused: readonly (readonly [string, string, Flaw, string])[] = [
    ['AS-07', 'no response_type', { response_type: undefined }, 'invalid_request'],
    ['AS-07', 'token', { response_type: 'token' }, 'unsupported_response_type'],
    ['THR-45', 'id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['THR-45', 'a hybrid', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['AS-08', 'fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['AS-08', 'jwt', { response_mode: 'jwt' }, 'invalid_request'],
    ['THR-34', 'a mode from the prototype', { response_mode: 'constructor' }, 'invalid_request'],
    ['AS-12', 'unknown scopes alone', { scope: 'bad worse' }, 'invalid_scope'],
    ['THR-34', 'a scope from the prototype', { scope: '__proto__ toString' }, 'invalid_scope'],
    ['THR-74', '20,000 characters of scope', { scope: 'openid '.repeat(2_900) }, 'invalid_scope'],
    ['AS-162', 'a nonce of 1,025 characters', { nonce: 'n'.repeat(1_025) }, 'invalid_request'],
    ['AS-170', 'none and login', { prompt: 'none login' }, 'invalid_request'],
    ['AS-28', 'none and create', { prompt: 'create none' }, 'invalid_request'],
    ['AS-170', 'an unknown prompt', { prompt: 'login toString' }, 'invalid_request'],
    ['AS-171', 'a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['AS-171', 'half a second', { max_age: '0.5' }, 'invalid_request'],
    ['AS-171', 'no number', { max_age: '1e3' }, 'invalid_request'],
    ['AS-172', 'acr_values without end', { acr_values: 'a'.repeat(2_049) }, 'invalid_request'],
    ['AS-174', 'claims that are a list', { claims: '[]' }, 'invalid_request'],
    ['AS-173', 'a hint that is no token', { id_token_hint: 'a.b.c' }, 'invalid_request'],
    ['DPOP-36', 'a short thumbprint', { dpop_jkt: 'short' }, 'invalid_request'],
    ['AS-130', 'an unknown resource', { resource: 'https://unknown.example' }, 'invalid_target'],
    [
      'AS-132',
      'an unknown detail',
      { authorization_details: '[{"type":"__proto__"}]' },
      'invalid_authorization_details',
    ],
    [
      'AS-135',
      '10 KiB of details in the query',
      { authorization_details: `[${' '.repeat(10_240)}]` },
      'invalid_request',
    ],
    ['AS-14', 'a registration', { registration: '{}' }, 'registration_not_supported'],
    [
      'AS-42',
      'a request_uri of its own',
      { request_uri: 'https://c.example/r' },
      'request_uri_not_supported',
    ],
    ['AS-42', 'another urn', { request_uri: 'urn:example:r' }, 'request_uri_not_supported'],
  ];
  it.each(refused)('%s about %s', async (id, _what, flaw, error) => {
    const answer = await authorize(test, flaw);
    expect(said(answer)).toEqual({ error, state: 'state-1', iss: 'https://as.example.com' });
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(test.audit.events.at(-1)).toMatchObject({ kind: 'refused', clientId: 'public-1' });
    if (id.startsWith('AS') || id.startsWith('DPOP')) {
      expect(test.audit.events.at(-1)).toMatchObject({ requirement: id });
    }
  });

  it.each([
    'response_type',
    'response_mode',
    'scope',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'authorization_details',
    'claims',
    'prompt',
    'max_age',
    'acr_values',
    'id_token_hint',
    'login_hint',
    'ui_locales',
    'claims_locales',
    'display',
    'dpop_jkt',
    'registration',
    'request',
    'request_uri',
  ])('AS-02 THR-35 about a repeated %s', async (name) => {
    const value = new URLSearchParams(authorizationForm()).get(name) ?? '1';
    for (const other of [value, 'other', '']) {
      const answer = await authorize(test, { [name]: [value, other] });
      expect(said(answer)).toMatchObject({ error: 'invalid_request', state: 'state-1' });
      expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-02', actual: name });
    }
  });

  it('AS-02 AS-09 about a repeated or overlong state, without a state', async () => {
    for (const state of [['a', 'b'], 'a'.repeat(4_097)]) {
      expect(said(await authorize(test, { state }))).toEqual({
        error: 'invalid_request',
        iss: 'https://as.example.com',
      });
    }
  });

  it('AS-08 THR-44 by a form where it asked for one', async () => {
    const answer = await authorize(test, { response_mode: 'form_post', scope: 'bad' });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`action="${callback}"`);
    expect(answer.body).toContain('value="invalid_scope"');
  });

  it('INV-3 and has begun nothing', async () => {
    const before = test.stores.grants as unknown as { records: number };
    const { records } = before;
    await authorize(test, { scope: 'bad' });
    expect(before.records).toBe(records);
  });

  it('AS-14 in which words only where the server explains', async () => {
    const explaining = await testServer({ explain: true });
    const { error_description = '' } = said(
      await authorize(explaining, { nonce: '"\\'.repeat(600) }),
    );
    expect(error_description).toMatch(/^AS-162 authorization\.nonce; [ !#-[\]-~]+$/);
  });
});

describe('scopes', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['in any order', 'profile openid', ['profile', 'openid']],
    ['once each', 'openid openid  profile openid', ['openid', 'profile']],
    ['the known ones among others', 'openid unknown', ['openid']],
    ['of the API', 'api:read offline_access', ['api:read', 'offline_access']],
  ];
  it.each(cases)('AS-12 OIDC-29 %s', async (_what, scope, scopes) => {
    expect((await kept(test, await authorize(test, { scope }))).scopes).toEqual(scopes);
  });

  it('AS-12 none where none is asked for', async () => {
    expect((await kept(test, await authorize(test, { scope: undefined }))).scopes).toEqual([]);
  });

  it('AS-12 no more than the client registered', async () => {
    const own = await testServer({
      clients: [
        {
          client_id: 'public-1',
          metadata: {
            redirect_uris: [callback],
            token_endpoint_auth_method: 'none',
            scope: 'openid api:read',
          },
        },
      ],
      resources: [{ resource: 'https://api.example.com', scopes: ['api:read', 'orders'] }],
    });
    const narrowed = await kept(own, await authorize(own, { scope: 'openid profile api:read' }));
    expect(narrowed.scopes).toEqual(['openid', 'api:read']);
    expect(said(await authorize(own, { scope: 'profile orders' }))).toMatchObject({
      error: 'invalid_scope',
    });
  });
});

describe('resources', () => {
  it('AS-130 that the server knows, its own issuer among them, each once', async () => {
    const resource = [
      'https://api.example.com',
      'https://as.example.com',
      'https://api.example.com',
    ];
    const request = await kept(test, await authorize(test, { resource }));
    expect(request.resources).toEqual(['https://api.example.com', 'https://as.example.com']);
  });

  it.each([
    ['one unknown among them', ['https://api.example.com', 'https://unknown.example']],
    ['a fragment', 'https://api.example.com#f'],
    ['a path', '/v1'],
    ['21 of them', Array.from({ length: 21 }, () => 'https://api.example.com')],
  ])('AS-130 but not %s', async (_what, resource) => {
    expect(said(await authorize(test, { resource }))).toMatchObject({ error: 'invalid_target' });
  });
});

describe('methods of the authorization endpoint', () => {
  it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS'])('AS-01 refuses %s', async (method) => {
    const answer = await test.send({ method, url: `/authorize?${authorizationForm()}` });
    expect(answer.status).toBe(405);
    expect(answer.fields('allow')).toEqual(['GET, POST']);
    expect(answer.headers.filter(([name]) => name.startsWith('access-control'))).toEqual([]);
  });
});

it('AS-200 the server says where it is, and what it takes', () => {
  expect(test.server.metadata()).toMatchObject({
    authorization_endpoint: 'https://as.example.com/authorize',
    pushed_authorization_request_endpoint: 'https://as.example.com/par',
    require_pushed_authorization_requests: false,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    require_signed_request_object: false,
  });
});
