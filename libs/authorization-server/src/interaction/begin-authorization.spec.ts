import { describe, expect, it } from '@jest/globals';
import { seconds, signCompactJws, type JsonObject } from '@keybound/core';
import {
  hash,
  interactionIn,
  saidToClient,
  scene,
  T0,
  TestBrowser,
  testClients,
  testPlugIn,
  testServer,
  type AuthorizationParameters,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import type { AuthorizationDetail } from '../extension/authorization-request.js';

const code = {
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
};
const web = { ...code, redirect_uris: ['https://client.example/cb'] };
const clients = [
  ...testClients,
  { client_id: 'own', standing: 'first-party' as const, metadata: web },
  {
    client_id: 'relaxed',
    standing: 'first-party' as const,
    relaxations: ['refresh-without-offline-access' as const],
    metadata: web,
  },
  {
    client_id: 'no-refresh',
    metadata: { ...web, grant_types: ['authorization_code'] },
  },
  {
    client_id: 'native',
    metadata: {
      ...code,
      application_type: 'native',
      redirect_uris: ['com.example.app:/cb', 'http://127.0.0.1/cb', 'https://client.example/cb'],
    },
  },
];

/** Two types of the same shape: up to an amount. */
const payment = testPlugIn('payments', {
  authorizationDetailsTypes: ['payment', 'refund'].map((type) => ({
    type,
    parse: (detail: AuthorizationDetail) => detail,
    isWithin: (asked: AuthorizationDetail, granted: AuthorizationDetail) =>
      Number(asked['amount']) <= Number(granted['amount']),
  })),
});

async function newBrowser(own: Parameters<typeof testServer>[0] = {}) {
  const test = await testServer(
    {
      clients,
      resources: [{ resource: scene.resource }, { resource: 'https://other.example' }],
      ...own,
    },
    [payment],
  );
  return { test, browser: new TestBrowser(test) };
}

/** A browser in which Alice is logged in, and allowed `first` for good. */
async function aliceAllowed(
  first: AuthorizationParameters = {},
  own: Parameters<typeof testServer>[0] = {},
) {
  const { test, browser } = await newBrowser(own);
  const begun = await browser.authorize(first);
  await browser.answer(begun, { login: { subject: 'alice' }, consent: { remember: true } });
  return { test, browser };
}

/** What the page is told, or what the client is: in one word. */
async function outcome(browser: TestBrowser, answer: TestAnswer): Promise<string> {
  if ((answer.fields('location')[0] ?? '').includes('/interaction/')) {
    return (await browser.details(answer)).reasons.join(' ');
  }
  const { error, code: issued } = saidToClient(answer);
  return error ?? (issued?.startsWith('code_') === true ? 'code' : 'nothing');
}

async function idToken(test: TestServer, claims: JsonObject): Promise<string> {
  const { signer, kid } = await test.server.services.keys.current('ES256', T0);
  const payload = { iss: scene.issuer, aud: 'public-1', iat: T0, exp: T0 + 60, ...claims };
  return signCompactJws({ typ: 'JWT', kid }, payload, signer);
}

describe('a request in a browser in which nobody is logged in', () => {
  it('AS-20 THR-85 becomes an interaction, kept by the hash of an unguessable identifier', async () => {
    const { test, browser } = await newBrowser();
    const answer = await browser.authorize({ state: 's-1', nonce: 'n-1' });
    expect(answer.status).toBe(303);
    const id = interactionIn(answer);
    expect(id).toMatch(/^interaction_[A-Za-z0-9_-]{43}$/);
    const record = await test.stores.grants.findInteraction(hash(id), T0);
    expect(record).toMatchObject({
      version: 1,
      expiresAt: T0 + 600,
      request: { state: 's-1', nonce: 'n-1', clientId: 'public-1' },
      answered: { login: undefined, consent: undefined, rejected: false, ticketHash: undefined },
    });
    expect(JSON.stringify(record)).not.toContain(id);
    expect(await test.stores.grants.findInteraction(hash(id), seconds(T0 + 599))).toBeDefined();
    expect(await test.stores.grants.findInteraction(hash(id), seconds(T0 + 600))).toBeUndefined();
  });

  it('AS-22 AS-27 THR-57 is bound to that browser by a cookie of its own, for as long as it lasts', async () => {
    const { browser } = await newBrowser();
    const first = await browser.authorize();
    expect(first.fields('set-cookie')).toEqual([
      expect.stringMatching(
        /^__Host-keybound-browser-[A-Za-z0-9_-]{16}=browser_[A-Za-z0-9_-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const second = await browser.authorize();
    expect(second.fields('set-cookie')[0]?.split('=')[0]).not.toBe(
      first.fields('set-cookie')[0]?.split('=')[0],
    );
  });

  it('AS-15 THR-86 is redirected with 303, unkept and untraced', async () => {
    const { browser } = await newBrowser();
    const answer = await browser.authorize();
    expect(answer.status).toBe(303);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.fields('referrer-policy')).toEqual(['no-referrer']);
  });

  it.each([
    [{}, 'login'],
    [{ prompt: 'login' }, 'login'],
    [{ prompt: 'consent' }, 'login consent'],
    [{ prompt: 'select_account' }, 'select_account login'],
    [{ prompt: 'create' }, 'create'],
    [{ prompt: 'none' }, 'login_required'],
    [{ max_age: '100' }, 'login'],
    [{ client_id: 'own' }, 'login'],
  ] as const)('AS-170 AS-28 asks for %j with: %s', async (own, expected) => {
    const { browser } = await newBrowser();
    expect(await outcome(browser, await browser.authorize(own))).toBe(expected);
  });
});

describe('a request in a browser in which Alice is logged in', () => {
  it.each([
    [{}, 'code'],
    [{ prompt: 'none' }, 'code'],
    [{ prompt: 'login' }, 'login'],
    [{ prompt: 'consent' }, 'consent'],
    [{ prompt: 'login consent' }, 'login consent'],
    [{ prompt: 'select_account' }, 'select_account'],
    [{ prompt: 'select_account login' }, 'select_account login'],
    [{ prompt: 'create' }, 'create'],
    [{ max_age: '0' }, 'login'],
    [{ max_age: '10000' }, 'code'],
    [{ acr_values: 'urn:example:gold' }, 'code'],
  ] as const)('AS-170 AS-171 AS-172 AS-28 answers %j with: %s', async (own, expected) => {
    const { browser } = await aliceAllowed();
    expect(await outcome(browser, await browser.authorize(own))).toBe(expected);
  });

  it.each([
    ['the same age', '50', 50, 'code'],
    ['one second more', '50', 51, 'login'],
  ])('AS-171 compares max_age with a login of %s', async (_name, maxAge, age, expected) => {
    const { test, browser } = await aliceAllowed();
    test.clock.advance(age);
    expect(await outcome(browser, await browser.authorize({ max_age: maxAge }))).toBe(expected);
    const silent = await browser.authorize({ max_age: maxAge, prompt: 'none' });
    expect(await outcome(browser, silent)).toBe(expected === 'login' ? 'login_required' : 'code');
  });

  it.each([
    ['prompt=none', { prompt: 'none', scope: 'openid email' }, 'consent_required'],
    ['prompt=none and a stricter age', { prompt: 'none', max_age: '0' }, 'login_required'],
  ] as const)('AS-170 AS-13 AS-09 tells the client of %s', async (_name, own, error) => {
    const { browser } = await aliceAllowed();
    const answer = await browser.authorize({ ...own, state: 's-9' });
    expect(saidToClient(answer)).toEqual({ error, state: 's-9', iss: scene.issuer });
  });

  it('AS-17 THR-85 gets a code of 256 random bits, kept by its hash for a minute', async () => {
    const { test, browser } = await aliceAllowed();
    const answer = await browser.authorize({ nonce: 'n-1', state: 's-1' });
    const { code: issued = '', ...rest } = saidToClient(answer);
    expect(rest).toEqual({ state: 's-1', iss: scene.issuer });
    expect(issued).toMatch(/^code_[A-Za-z0-9_-]{43}$/);
    const record = await test.stores.grants.findCode(hash(issued), T0);
    expect(record).toMatchObject({
      kind: 'authorization_code',
      clientId: 'public-1',
      redirectUri: 'https://client.example/cb',
      codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      nonce: 'n-1',
      expiresAt: T0 + 60,
      failures: 0,
    });
    expect(JSON.stringify(record)).not.toContain(issued);
    const grant = await test.stores.grants.findGrant(record?.grantId ?? '', T0);
    expect(grant).toMatchObject({
      id: expect.stringMatching(/^grant_/),
      localSubject: 'alice',
      login: { authTime: T0, sid: expect.stringMatching(/^sid_/) },
      scopes: ['openid', 'profile'],
      offline: false,
      expiresAt: T0 + 2_592_000,
    });
  });

  it('AS-17 AS-09 posts it where form_post was asked for', async () => {
    const { browser } = await aliceAllowed();
    const answer = await browser.authorize({ response_mode: 'form_post' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatch(/name="code" value="code_[A-Za-z0-9_-]{43}"/);
  });
});

describe('a request for a certain user (OpenID Connect Core §3.1.2.1, §5.5)', () => {
  const sub = (value: string) => JSON.stringify({ id_token: { sub: { value } } });

  it.each([
    ['alice', 'code', 'code'],
    ['bob', 'login', 'login_required'],
  ])('AS-173 hinted at with an ID token of %s', async (subject, asked, silent) => {
    const { test, browser } = await aliceAllowed();
    const hint = { id_token_hint: await idToken(test, { sub: subject }) };
    expect(await outcome(browser, await browser.authorize(hint))).toBe(asked);
    expect(await outcome(browser, await browser.authorize({ ...hint, prompt: 'none' }))).toBe(
      silent,
    );
  });

  it.each([
    ['alice', 'code', 'code'],
    ['bob', 'login', 'login_required'],
  ])('AS-174 named by the claim sub: %s', async (subject, asked, silent) => {
    const { browser } = await aliceAllowed({ claims: sub('alice') });
    const named = { claims: sub(subject) };
    expect(await outcome(browser, await browser.authorize(named))).toBe(asked);
    expect(await outcome(browser, await browser.authorize({ ...named, prompt: 'none' }))).toBe(
      silent,
    );
  });

  it.each([
    ['AS-173', 'id_token_hint'],
    ['AS-174', 'claims'],
  ])('%s is an error where another user logs in: %s', async (_id, parameter) => {
    const { test, browser } = await newBrowser();
    const value = parameter === 'claims' ? sub('bob') : await idToken(test, { sub: 'bob' });
    const begun = await browser.authorize({ [parameter]: value });
    const back = await browser.answer(begun, { login: { subject: 'alice' } });
    expect(saidToClient(back)).toEqual({
      error: 'login_required',
      state: 'state-1',
      iss: scene.issuer,
    });
  });
});

describe('a request for a certain way of logging in (OpenID Connect Core §5.5.1.1)', () => {
  const acrValues = ['urn:example:silver', 'urn:example:gold'];
  const wanting = (acr: object, place = 'id_token') => ({
    claims: JSON.stringify({ [place]: { acr } }),
  });
  const gold = { essential: true, value: 'urn:example:gold' };

  it('AS-172 asks for another login where the session does not meet what is essential', async () => {
    const { browser } = await aliceAllowed(wanting({ values: acrValues }), { acrValues });
    expect(await outcome(browser, await browser.authorize(wanting(gold)))).toBe('login');
    const silent = await browser.authorize({ ...wanting(gold), prompt: 'none' });
    expect(await outcome(browser, silent)).toBe('login_required');
  });

  it('AS-172 is content with a login that meets it, now and later', async () => {
    const { browser } = await newBrowser({ acrValues });
    const begun = await browser.authorize(wanting(gold));
    const login = { subject: 'alice', acr: 'urn:example:gold' };
    const back = await browser.answer(begun, { login, consent: { remember: true } });
    expect(await outcome(browser, back)).toBe('code');
    expect(await outcome(browser, await browser.authorize(wanting(gold)))).toBe('code');
  });

  it.each([undefined, 'urn:example:silver'])(
    'AS-172 tells the client that it is unmet by a login with acr %s',
    async (acr) => {
      const { test, browser } = await newBrowser({ acrValues });
      const begun = await browser.authorize(wanting(gold));
      const login = { subject: 'alice', ...(acr !== undefined && { acr }) };
      const back = await browser.answer(begun, { login });
      expect(await outcome(browser, back)).toBe('unmet_authentication_requirements');
      expect(await test.stores.grants.listGrants('alice', T0)).toEqual([]);
    },
  );

  it('AS-172 asks nobody where the server knows no such way', async () => {
    const { browser } = await newBrowser({ acrValues: ['urn:example:silver'] });
    const answer = await browser.authorize(wanting(gold));
    expect(await outcome(browser, answer)).toBe('unmet_authentication_requirements');
  });

  it.each([
    ['it is voluntary', { value: 'urn:example:gold' }, 'id_token'],
    ['it names no value', { essential: true }, 'id_token'],
    ['it is asked of UserInfo', gold, 'userinfo'],
  ])('AS-172 makes no difference where %s', async (_name, acr, place) => {
    const first = wanting(acr, place);
    const { browser } = await aliceAllowed(first, { acrValues });
    expect(await outcome(browser, await browser.authorize(first))).toBe('code');
  });
});

describe('consent (OAuth 2.1 §7.3.1)', () => {
  const all: AuthorizationParameters = {
    scope: 'openid profile email',
    resource: scene.resource,
    claims: JSON.stringify({ userinfo: { name: null }, id_token: { email: null } }),
    authorization_details: JSON.stringify([{ type: 'payment', amount: 10 }]),
  };

  it.each([
    ['the same', {}],
    ['fewer scopes', { scope: 'openid' }],
    ['fewer claims', { claims: JSON.stringify({ userinfo: { name: null } }) }],
    ['no claims', { claims: undefined }],
    [
      'a smaller amount',
      { authorization_details: JSON.stringify([{ type: 'payment', amount: 9 }]) },
    ],
    ['no details', { authorization_details: undefined }],
  ])('AS-25 is not asked for again for %s', async (_name, own) => {
    const { browser } = await aliceAllowed(all);
    expect(await outcome(browser, await browser.authorize({ ...all, ...own }))).toBe('code');
  });

  it.each([
    ['a wider scope', { scope: 'openid profile email api:read' }],
    ['another claim', { claims: JSON.stringify({ userinfo: { name: null, picture: null } }) }],
    ['a claim in another place', { claims: JSON.stringify({ id_token: { name: null } }) }],
    ['another resource', { resource: 'https://other.example' }],
    ['the default resource', { resource: undefined }],
    [
      'a larger amount',
      { authorization_details: JSON.stringify([{ type: 'payment', amount: 11 }]) },
    ],
    ['another type', { authorization_details: JSON.stringify([{ type: 'refund', amount: 9 }]) }],
    ['the same for another client', { client_id: 'secret-1' }],
    ['the same, by prompt', { prompt: 'consent' }],
  ])('AS-25 is asked for again for %s', async (_name, own) => {
    const { browser } = await aliceAllowed(all);
    expect(await outcome(browser, await browser.authorize({ ...all, ...own }))).toBe('consent');
  });

  it('AS-25 is asked for a named resource where only the default was allowed', async () => {
    const { browser } = await aliceAllowed({});
    const answer = await browser.authorize({ resource: scene.resource });
    expect(await outcome(browser, answer)).toBe('consent');
  });

  it('AS-25 is asked for again where it was not to be remembered', async () => {
    const { browser } = await newBrowser();
    await browser.logIn(await browser.authorize());
    expect(await outcome(browser, await browser.authorize())).toBe('consent');
  });

  it('AS-25 is one user’s and no other’s', async () => {
    const { browser } = await aliceAllowed();
    const begun = await browser.authorize({ prompt: 'login' });
    await expect(browser.answer(begun, { login: { subject: 'bob' } })).rejects.toThrow('question');
    expect(await browser.details(begun)).toMatchObject({ subject: 'bob', reasons: ['consent'] });
  });

  it.each([
    ['is not asked for a first-party client', { client_id: 'own' }, 'code'],
    ['is, by prompt', { client_id: 'own', prompt: 'consent' }, 'consent'],
  ] as const)('AS-25 %s', async (_name, own, expected) => {
    const { browser } = await aliceAllowed();
    expect(await outcome(browser, await browser.authorize(own))).toBe(expected);
  });

  it.each([
    ['com.example.app:/cb', 'consent', 'consent_required'],
    ['http://127.0.0.1:4711/cb', 'consent', 'consent_required'],
    ['https://client.example/cb', 'code', 'code'],
  ])('AS-25 of a native client at %s, RFC 8252 §8.6', async (redirectUri, again, silent) => {
    const native = { client_id: 'native', redirect_uri: redirectUri };
    const { browser } = await aliceAllowed(native);
    expect(await outcome(browser, await browser.authorize(native))).toBe(again);
    expect(await outcome(browser, await browser.authorize({ ...native, prompt: 'none' }))).toBe(
      silent,
    );
  });
});

describe('offline_access (OpenID Connect Core §11)', () => {
  it.each([
    ['a web client', { client_id: 'public-1' }, false],
    ['a web client that asks for consent', { client_id: 'public-1', prompt: 'consent' }, true],
    ['a web client that is relaxed', { client_id: 'relaxed' }, true],
    ['a native client', { client_id: 'native' }, true],
    ['a client that cannot refresh', { client_id: 'no-refresh', prompt: 'consent' }, false],
  ] as const)('AS-178 is granted or ignored, of %s', async (_name, own, granted) => {
    const { test, browser } = await newBrowser();
    const begun = await browser.authorize({ scope: 'openid offline_access', ...own });
    const shown = (await browser.details(begun)).scopes;
    const back = await browser.logIn(begun);
    const record = await test.stores.grants.findCode(hash(saidToClient(back)['code'] ?? ''), T0);
    const grant = await test.stores.grants.findGrant(record?.grantId ?? '', T0);
    const expected = granted ? ['openid', 'offline_access'] : ['openid'];
    expect([shown, grant?.scopes, grant?.offline]).toEqual([expected, expected, granted]);
  });
});
