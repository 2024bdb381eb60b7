import { describe, expect, it, jest } from '@jest/globals';
import { accept, seconds, StoreUnavailableError } from '@keybound/core';
import {
  hash,
  interactionIn,
  saidToClient,
  scene,
  T0,
  TestBrowser,
  testPlugIn,
  testServer,
  type TestAnswer,
} from '@keybound/testing';
import type { Client } from '../extension/client.js';
import type { InteractionAnswer } from '../extension/interaction.js';
import { browserCookie } from '../session/cookies.js';

const everything: InteractionAnswer = { login: { subject: 'alice' }, consent: {} };
const callback = 'https://client.example/cb';

/** A client that a test can change, or make disappear. */
const changing: Client = {
  id: 'changing',
  metadata: {
    redirect_uris: [callback],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    subject_type: 'public',
    id_token_signed_response_alg: 'ES256',
    require_signed_request_object: false,
    require_pushed_authorization_requests: false,
    require_auth_time: false,
    dpop_bound_access_tokens: false,
    pop_bound_access_tokens: false,
    extensions: {},
  },
  keys: undefined,
  secrets: [],
  source: 'changing',
  expiresAt: undefined,
  obligations: {},
  standing: 'unverified',
  relaxations: new Set(),
};

async function newBrowser() {
  const known: { client: Client | undefined } = { client: changing };
  const resolver = {
    name: 'changing',
    resolve: async (id: string) => (known.client?.id === id ? accept(known.client) : undefined),
  };
  const test = await testServer({}, [testPlugIn('changing', { clientResolvers: [resolver] })]);
  return { test, browser: new TestBrowser(test), known };
}

/** Answers, without following: where the browser is sent next. */
async function returnUrl(
  { test, browser }: Pick<Awaited<ReturnType<typeof newBrowser>>, 'test' | 'browser'>,
  redirect: TestAnswer,
  answer: InteractionAnswer | 'reject' = everything,
): Promise<string> {
  const { interactions } = test.server;
  const details = await browser.details(redirect);
  const next =
    answer === 'reject'
      ? await interactions.reject(details, details.csrfToken)
      : await interactions.answer(details, details.csrfToken, answer);
  if (!next.ok || next.value.to !== 'return') throw new Error('Not all is answered.');
  return next.value.location;
}

function expectPage(answer: TestAnswer): void {
  expect(answer.status).toBe(400);
  expect(answer.fields('location')).toEqual([]);
  expect(answer.fields('set-cookie')).toEqual([]);
  expect(answer.fields('content-type')).toEqual(['text/html; charset=utf-8']);
}

describe('the return of a browser', () => {
  it('AS-13 AS-15 AS-29 THR-86 ends with a code at the client, by 303', async () => {
    const flow = await newBrowser();
    const redirect = await flow.browser.authorize({ state: 's-1' });
    const url = await returnUrl(flow, redirect);
    expect(url).toMatch(
      /^https:\/\/as\.example\.com\/authorize\/return\?interaction=interaction_[\w-]{43}&ticket=ticket_[\w-]{43}$/,
    );
    const back = await flow.browser.visit(url);
    expect(back.status).toBe(303);
    expect(back.fields('cache-control')).toEqual(['no-store']);
    expect(back.fields('referrer-policy')).toEqual(['no-referrer']);
    expect(saidToClient(back)).toEqual({
      code: expect.stringMatching(/^code_/),
      state: 's-1',
      iss: scene.issuer,
    });
    const id = interactionIn(redirect);
    expect(await flow.test.stores.grants.findInteraction(hash(id), T0)).toBeUndefined();
  });

  it('AS-22 THR-57 THR-85 keeps the ticket by its hash', async () => {
    const flow = await newBrowser();
    const redirect = await flow.browser.authorize();
    const url = new URL(await returnUrl(flow, redirect));
    const ticket = url.searchParams.get('ticket') ?? '';
    const { grants } = flow.test.stores;
    const record = await grants.findInteraction(hash(interactionIn(redirect)), T0);
    expect(record?.answered.ticketHash).toBe(hash(ticket));
    expect(JSON.stringify(record)).not.toContain(ticket);
  });

  it('AS-22 completes once', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize());
    expect((await flow.browser.visit(url)).status).toBe(303);
    expectPage(await flow.browser.visit(url));
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toHaveLength(1);
  });

  it('AS-22 AS-29 completes once of twenty returns at once, and leaves one session', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize());
    const { cookie = '' } = flow.browser;
    const { sessions } = flow.test.stores;
    const start = jest.spyOn(sessions, 'start');
    const send = () => flow.test.send({ url, headers: { cookie } });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    const codes = answers.filter(({ status }) => status === 303);
    expect(codes).toHaveLength(1);
    expect(answers.flatMap((answer) => answer.fields('set-cookie'))).toEqual([
      expect.stringMatching(/^__Host-keybound-session=session_/),
      expect.stringMatching(/^__Host-keybound-browser-[\w-]{16}=; Max-Age=0; Path=\/; Secure/),
    ]);
    const started = start.mock.calls.map(([session]) => sessions.find(session.hash, 60, T0));
    expect((await Promise.all(started)).filter((session) => session !== undefined)).toHaveLength(1);
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toHaveLength(1);
  });

  it.each([
    ['without a cookie', undefined],
    ['with a cookie that somebody made up', `browser_${'A'.repeat(43)}`],
  ])('AS-22 THR-57 is a page in another browser, %s', async (_name, cookie) => {
    const flow = await newBrowser();
    const redirect = await flow.browser.authorize();
    const url = await returnUrl(flow, redirect);
    const other = new TestBrowser(flow.test);
    other.set(browserCookie(hash(interactionIn(redirect))).name, cookie);
    expectPage(await other.visit(url));
    expect((await flow.browser.visit(url)).status).toBe(303);
  });

  it('AS-22 THR-57 is a page in a browser with an interaction of its own', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize());
    const victim = new TestBrowser(flow.test);
    await victim.authorize();
    expectPage(await victim.visit(url));
    expect(victim.cookie).not.toContain('session');
  });

  it.each([
    [
      'no ticket',
      (url: URL) => {
        url.searchParams.delete('ticket');
      },
    ],
    [
      'another ticket',
      (url: URL) => {
        url.searchParams.set('ticket', `ticket_${'A'.repeat(43)}`);
      },
    ],
    [
      'two tickets',
      (url: URL) => {
        url.searchParams.append('ticket', `ticket_${'A'.repeat(43)}`);
      },
    ],
    [
      'no interaction',
      (url: URL) => {
        url.searchParams.delete('interaction');
      },
    ],
    [
      'another interaction',
      (url: URL) => {
        url.searchParams.set('interaction', `interaction_${'A'.repeat(43)}`);
      },
    ],
  ])('AS-22 is a page with %s', async (_name, spoil) => {
    const flow = await newBrowser();
    const url = new URL(await returnUrl(flow, await flow.browser.authorize()));
    spoil(url);
    expectPage(await flow.browser.visit(url.href));
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toEqual([]);
  });

  it('AS-22 is a page before all is answered, and with the ticket of a sibling', async () => {
    const flow = await newBrowser();
    const open = await flow.browser.authorize();
    const url = new URL(await returnUrl(flow, await flow.browser.authorize()));
    url.searchParams.set('interaction', interactionIn(open));
    expectPage(await flow.browser.visit(url.href));
  });

  it('AS-20 is a page once the interaction has expired', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize());
    flow.test.clock.advance(600);
    expectPage(await flow.browser.visit(url));
  });

  it('AS-22 THR-57 takes no POST', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize());
    const { cookie = '' } = flow.browser;
    const answer = await flow.test.send({ method: 'POST', url, headers: { cookie } });
    expect(answer.status).toBe(405);
  });

  it('AS-27 THR-57 finishes in both of two tabs that began at once, and beside a form of a client’s site', async () => {
    const { test, browser } = await newBrowser();
    const redirects = await Promise.all(
      ['one', 'two'].map((state) => browser.authorize({ state })),
    );
    const withoutCookies = new TestBrowser(test);
    redirects.push(await withoutCookies.authorize({ state: 'three' }));
    for (const pair of withoutCookies.cookie?.split('; ') ?? []) {
      const [name = '', value] = pair.split('=');
      browser.set(name, value);
    }
    const states = [];
    for (const redirect of redirects) {
      states.push(saidToClient(await browser.logIn(redirect))['state']);
    }
    expect(states).toEqual(['one', 'two', 'three']);
  });

  it('AS-27 leaves other tabs alone: both finish, each with its own state', async () => {
    const flow = await newBrowser();
    const one = await flow.browser.authorize({ state: 'one' });
    const two = await flow.browser.authorize({ state: 'two' });
    const urlOfOne = await returnUrl(flow, one);
    const urlOfTwo = await returnUrl(flow, two, { login: { subject: 'alice' }, consent: {} });
    for (const [url, state] of [
      [urlOfTwo, 'two'],
      [urlOfOne, 'one'],
    ] as const) {
      const said = saidToClient(await flow.browser.visit(url));
      expect(said).toMatchObject({ state, code: expect.stringMatching(/^code_/) });
    }
  });
});

describe('the return of a user who refuses', () => {
  it.each(['login', 'consent'])('AS-23 AS-13 tells the client, at %s', async (question) => {
    const flow = await newBrowser();
    if (question === 'consent') await flow.browser.logIn(await flow.browser.authorize());
    const before = await flow.test.stores.grants.listGrants('alice', T0);
    const redirect = await flow.browser.authorize({ state: 's-1', prompt: question });
    const url = await returnUrl(flow, redirect, 'reject');
    const back = await flow.browser.visit(url);
    expect(back.status).toBe(303);
    expect(saidToClient(back)).toEqual({ error: 'access_denied', state: 's-1', iss: scene.issuer });
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toEqual(before);
    expect(flow.test.audit.events).toContainEqual(
      expect.objectContaining({ code: 'interaction.denied', clientId: 'public-1' }),
    );
    expectPage(await flow.browser.visit(url));
  });

  it('AS-22 AS-23 tells the client once, of ten returns at once', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize(), 'reject');
    const { cookie = '' } = flow.browser;
    const send = () => flow.test.send({ url, headers: { cookie } });
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('AS-23 AS-26 leaves nobody logged in who was not before', async () => {
    const flow = await newBrowser();
    const redirect = await flow.browser.authorize();
    await flow.browser.visit(await returnUrl(flow, redirect, 'reject'));
    expect(flow.browser.cookie).not.toContain('session');
  });
});

describe('what has changed while the user was asked', () => {
  const client = { client_id: 'changing' };

  it('AS-29 AS-25 is nothing: a client that nobody checked is asked for once', async () => {
    const flow = await newBrowser();
    const redirect = await flow.browser.authorize(client);
    const consent = { remember: true };
    const back = await flow.browser.answer(redirect, { login: { subject: 'alice' } }, { consent });
    expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
    const again = await flow.browser.authorize(client);
    expect(saidToClient(again)).toMatchObject({ code: expect.stringMatching(/^code_/) });
  });

  it('AS-19 AS-172 is nothing: a client that nobody checked cannot have users sent to it by an error', async () => {
    const flow = await newBrowser();
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:none' } } });
    const answer = await flow.browser.authorize({ ...client, claims });
    expectPage(answer);
    expect(answer.body).toContain('unmet_authentication_requirements');
    await flow.browser.logIn(await flow.browser.authorize());
    const known = await flow.browser.authorize({ ...client, claims });
    expect(saidToClient(known)).toMatchObject({ error: 'unmet_authentication_requirements' });
  });

  it.each<readonly [string, Client | undefined]>([
    ['the client is gone', undefined],
    ['the client is found another way', { ...changing, source: 'another' }],
    ['the client is not trusted any more', { ...changing, expiresAt: T0 }],
    [
      'the redirect URI is not registered any more',
      {
        ...changing,
        metadata: { ...changing.metadata, redirect_uris: ['https://client.example/other'] },
      },
    ],
  ])('AS-29 is a page where %s', async (_name, now) => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize(client));
    flow.known.client = now;
    expectPage(await flow.browser.visit(url));
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toEqual([]);
  });

  it('AS-29 AS-17 ends the code, and not the grant, with the time for which the client is trusted', async () => {
    const flow = await newBrowser();
    const url = await returnUrl(flow, await flow.browser.authorize(client));
    flow.known.client = { ...changing, expiresAt: seconds(T0 + 30) };
    const { code = '' } = saidToClient(await flow.browser.visit(url));
    const { grants } = flow.test.stores;
    const record = await grants.findCode(hash(code), T0);
    const grant = await grants.findGrant(record?.grantId ?? '', T0);
    expect([record?.expiresAt, grant?.expiresAt]).toEqual([T0 + 30, T0 + 2_592_000]);
  });

  it.each([
    ['logged out', undefined],
    ['logged in as somebody else', 'bob'],
  ])('AS-27 THR-57 asks again where the user %s in another tab', async (_name, other) => {
    const flow = await newBrowser();
    await flow.browser.logIn(await flow.browser.authorize());
    const redirect = await flow.browser.authorize({ prompt: 'consent' });
    const url = await returnUrl(flow, redirect, { consent: { remember: true } });
    if (other === undefined) flow.browser.set('__Host-keybound-session', undefined);
    else await flow.browser.logIn(await flow.browser.authorize({ prompt: 'login' }), other);
    const again = await flow.browser.visit(url);
    expect(interactionIn(again)).toBe(interactionIn(redirect));
    expect(await flow.browser.details(again)).toMatchObject({
      reasons: ['login', 'consent'],
      subject: undefined,
    });
    expectPage(await flow.browser.visit(url));
    const back = await flow.browser.logIn(again, 'bob');
    expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
  });

  it('AS-27 is fine where the same user has logged in again in another tab', async () => {
    const flow = await newBrowser();
    await flow.browser.logIn(await flow.browser.authorize());
    const redirect = await flow.browser.authorize({ prompt: 'consent' });
    const url = await returnUrl(flow, redirect, { consent: {} });
    flow.test.clock.advance(5);
    await flow.browser.logIn(await flow.browser.authorize({ prompt: 'login' }));
    const back = await flow.browser.visit(url);
    expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
    const grants = await flow.test.stores.grants.listGrants('alice', seconds(T0 + 5));
    expect(grants.map(({ login }) => login?.authTime).sort()).toEqual([T0, T0 + 5, T0 + 5]);
  });

  it('AS-171 asks again where the login grew too old before consent', async () => {
    const flow = await newBrowser();
    await flow.browser.logIn(await flow.browser.authorize());
    const redirect = await flow.browser.authorize({ prompt: 'consent', max_age: '10' });
    expect((await flow.browser.details(redirect)).reasons).toEqual(['consent']);
    flow.test.clock.advance(11);
    expect((await flow.browser.details(redirect)).reasons).toEqual(['login', 'consent']);
  });
});

describe('a pushed request', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  async function pushed() {
    const flow = await newBrowser();
    const body = new URLSearchParams({
      client_id: 'public-1',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }).toString();
    const answer = await flow.test.send({ method: 'POST', url: '/par', headers: form, body });
    const query = new URLSearchParams({
      client_id: 'public-1',
      request_uri: answer.json['request_uri'] as string,
    }).toString();
    return { ...flow, url: `/authorize?${query}` };
  }

  it('AS-29 outlives its minute while its user is asked, and ends with the interaction', async () => {
    const flow = await pushed();
    const redirect = await flow.browser.visit(flow.url);
    flow.test.clock.advance(300);
    const back = await flow.browser.logIn(redirect);
    expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
    expectPage(await flow.browser.visit(flow.url));
  });

  it('AS-29 gives one code, however many tabs it was opened in', async () => {
    const flow = await pushed();
    const one = await returnUrl(flow, await flow.browser.visit(flow.url));
    const two = await returnUrl(flow, await flow.browser.visit(flow.url));
    expect((await flow.browser.visit(one)).status).toBe(303);
    expectPage(await flow.browser.visit(two));
    expect(await flow.test.stores.grants.listGrants('alice', T0)).toHaveLength(1);
  });

  it.each(['touch', 'start'] as const)(
    'INV-3 AS-29 is not used up where the sessions are away when its user is back: %s',
    async (method) => {
      const flow = await pushed();
      await flow.browser.logIn(await flow.browser.authorize());
      const redirect = await flow.browser.visit(flow.url);
      const login = method === 'start' ? everything : { consent: {} };
      const url = await returnUrl(flow, redirect, login);
      const down = new StoreUnavailableError('down');
      jest.spyOn(flow.test.stores.sessions, method).mockRejectedValueOnce(down);
      expect((await flow.browser.visit(url)).status).toBe(503);
      const back = await flow.browser.visit(url);
      expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
    },
  );

  it('INV-3 AS-29 is not used up where the sessions are away and nobody is asked', async () => {
    const flow = await pushed();
    const remembered = { ...everything, consent: { remember: true } };
    await flow.browser.answer(await flow.browser.authorize(), remembered);
    const down = new StoreUnavailableError('down');
    jest.spyOn(flow.test.stores.sessions, 'touch').mockRejectedValueOnce(down);
    expect((await flow.browser.visit(flow.url)).status).toBe(503);
    const back = await flow.browser.visit(flow.url);
    expect(saidToClient(back)).toMatchObject({ code: expect.stringMatching(/^code_/) });
  });

  it('AS-29 gives one code, however often it is opened at once where nobody is asked', async () => {
    const flow = await pushed();
    await flow.browser.answer(await flow.browser.authorize(), {
      ...everything,
      consent: { remember: true },
    });
    const { cookie = '' } = flow.browser;
    const send = () => flow.test.send({ url: flow.url, headers: { cookie } });
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(9);
  });

  it('AS-23 ends when its user refuses', async () => {
    const flow = await pushed();
    const url = await returnUrl(flow, await flow.browser.visit(flow.url), 'reject');
    expect(saidToClient(await flow.browser.visit(url))).toMatchObject({ error: 'access_denied' });
    expectPage(await flow.browser.visit(flow.url));
  });
});
