import { describe, expect, it } from '@jest/globals';
import type { Rejection, Result } from '@keybound/core';
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
} from '@keybound/testing';
import type { InteractionAnswer } from '../extension/interaction.js';
import { browserCookie } from '../session/cookies.js';

const payment = testPlugIn('payments', {
  authorizationDetailsTypes: [
    {
      type: 'payment',
      parse: (detail) => detail,
      isWithin: (asked, granted) => Number(asked['amount']) <= Number(granted['amount']),
    },
  ],
});

const shown = {
  client_id: 'shown',
  metadata: {
    redirect_uris: ['https://client.example:8443/cb'],
    token_endpoint_auth_method: 'none',
    client_name: '<b>Client</b>',
    client_uri: 'https://client.example/',
    logo_uri: 'https://client.example/logo.png',
    policy_uri: 'https://client.example/policy',
    tos_uri: 'https://client.example/tos',
  },
};

async function begun(own: AuthorizationParameters = {}) {
  const test = await testServer({ clients: [...testClients, shown], acrValues: ['urn:1'] }, [
    payment,
  ]);
  const browser = new TestBrowser(test);
  const redirect = await browser.authorize(own);
  const { interactions } = test.server;
  return { test, browser, redirect, interactions, id: interactionIn(redirect) };
}

function refusalOf(result: Result<unknown, Rejection>): string | undefined {
  return result.ok ? undefined : result.failure.code;
}

describe('what a page is told', () => {
  it('AS-21 is everything that was asked', async () => {
    const claims = { userinfo: { name: { essential: true } } };
    const { browser, redirect, id } = await begun({
      scope: 'openid email',
      resource: scene.resource,
      claims: JSON.stringify(claims),
      authorization_details: '[{"type":"payment","amount":1}]',
      login_hint: 'alice@example.com',
      acr_values: 'urn:1',
      max_age: '60',
      ui_locales: 'de en',
      prompt: 'consent',
    });
    expect(await browser.details(redirect)).toMatchObject({
      id,
      csrfToken: expect.stringMatching(/^1\.[A-Za-z0-9_-]{43}$/),
      reasons: ['login', 'consent'],
      subject: undefined,
      scopes: ['openid', 'email'],
      claims: { userinfo: { name: { essential: true } }, id_token: {} },
      resources: [scene.resource],
      authorizationDetails: [{ type: 'payment', amount: 1 }],
      prompt: ['consent'],
      loginHint: 'alice@example.com',
      acrValues: ['urn:1'],
      maxAge: 60,
      uiLocales: ['de', 'en'],
    });
  });

  it('AS-24 is what the client says of itself, as it said it, and where the user goes', async () => {
    const redirectUri = 'https://client.example:8443/cb';
    const { browser, redirect } = await begun({ client_id: 'shown', redirect_uri: redirectUri });
    expect((await browser.details(redirect)).client).toEqual({
      id: 'shown',
      name: '<b>Client</b>',
      uri: 'https://client.example/',
      logoUri: 'https://client.example/logo.png',
      policyUri: 'https://client.example/policy',
      tosUri: 'https://client.example/tos',
      redirectHost: 'client.example',
      standing: 'verified',
    });
  });

  it('AS-20 is nothing of an interaction that nobody began', async () => {
    const { interactions, browser, id } = await begun();
    for (const unknown of ['', 'x', `interaction_${'A'.repeat(43)}`, `${id}A`, `../${id}`]) {
      const details = await interactions.details(unknown, browser.cookie);
      expect(refusalOf(details)).toBe('interaction.unknown');
    }
  });

  it.each([
    ['open in its last second', 599, undefined],
    ['over in the next', 600, 'interaction.unknown'],
  ])('AS-20 is of an interaction that is %s', async (_name, age, refusal) => {
    const { test, interactions, browser, id } = await begun();
    test.clock.advance(age);
    expect(refusalOf(await interactions.details(id, browser.cookie))).toBe(refusal);
  });

  it('AS-22 is nothing in another browser', async () => {
    const { test, interactions, id } = await begun();
    const other = new TestBrowser(test);
    await other.authorize();
    const { name } = browserCookie(hash(id));
    const [, own = ''] = other.cookie?.split('=') ?? [];
    const forged = [`${name}=browser_${'A'.repeat(43)}`, `${name}=${own}`, 'elsewhere'];
    for (const cookie of [undefined, '', other.cookie, ...forged, 'Symbol(elsewhere)']) {
      expect(refusalOf(await interactions.details(id, cookie))).toBe('interaction.browser');
    }
  });
});

describe('what a page answers', () => {
  const login = { subject: 'alice' };

  it('AS-21 is asked one thing at a time, or all at once', async () => {
    const one = await begun();
    const details = await one.browser.details(one.redirect);
    const next = await one.interactions.answer(details, details.csrfToken, { login });
    expect(next).toEqual({
      ok: true,
      value: { to: 'interaction', location: `${scene.issuer}/interaction/${one.id}` },
    });
    expect(await one.browser.details(one.redirect)).toMatchObject({
      reasons: ['consent'],
      subject: 'alice',
    });
    expect(saidToClient(await one.browser.answer(one.redirect, { consent: {} }))).toMatchObject({
      code: expect.any(String),
    });
    const all = await begun();
    const back = await all.browser.answer(all.redirect, { login, consent: {} });
    expect(saidToClient(back)).toMatchObject({ code: expect.any(String) });
  });

  it.each<readonly [string, AuthorizationParameters, InteractionAnswer]>([
    ['nothing', {}, {}],
    ['consent, where login is asked', {}, { consent: {} }],
    ['consent, where an account is to be chosen', { prompt: 'select_account' }, { consent: {} }],
    ['consent, where one is to be made', { prompt: 'create' }, { consent: {} }],
  ])('AS-21 is a fault of the host where it is %s', async (_name, own, answer) => {
    const { test, interactions, browser, redirect } = await begun(own);
    const details = await browser.details(redirect);
    await expect(interactions.answer(details, details.csrfToken, answer)).rejects.toThrow(
      TypeError,
    );
    expect((await browser.details(redirect)).csrfToken).toBe(details.csrfToken);
    expect(await test.stores.grants.listGrants('alice', T0)).toEqual([]);
  });

  it('AS-21 is a fault of the host where consent is asked, and there is none', async () => {
    const { interactions, browser, redirect } = await begun();
    const first = await browser.details(redirect);
    await interactions.answer(first, first.csrfToken, { login });
    const details = await browser.details(redirect);
    await expect(interactions.answer(details, details.csrfToken, {})).rejects.toThrow(TypeError);
  });

  it.each([
    ['empty', ''],
    ['too long', 'a'.repeat(256)],
    ['not ASCII', 'zoë'],
    ['of control characters', 'alice\n'],
    ['of NUL', 'alice\0'],
  ])('AS-179 has no subject that is %s', async (_name, subject) => {
    const { test, interactions, browser, redirect } = await begun();
    const details = await browser.details(redirect);
    const answer = interactions.answer(details, details.csrfToken, { login: { subject } });
    await expect(answer).rejects.toThrow(TypeError);
    expect(await test.stores.grants.listGrants(subject, T0)).toEqual([]);
  });

  it('AS-179 has a subject of 255 characters', async () => {
    const { test, browser, redirect } = await begun();
    const subject = 'a'.repeat(255);
    await browser.logIn(redirect, subject);
    expect(await test.stores.grants.listGrants(subject, T0)).toHaveLength(1);
  });

  it.each([
    ['of tomorrow', {}, T0 + 71],
    ['of no time', {}, Number.NaN],
    ['before the beginning', {}, -1],
    ['before the request, with prompt=login', { prompt: 'login' }, T0 - 1],
    ['before the request, with max_age=0', { max_age: '0' }, T0 - 1],
    ['older than max_age', { max_age: '60' }, T0 - 1],
  ] as const)('AS-171 has no login %s', async (_name, own, authTime) => {
    const { test, interactions, browser, redirect } = await begun(own);
    test.clock.advance(60);
    const details = await browser.details(redirect);
    const stale = { login: { ...login, authTime: authTime as typeof T0 } };
    await expect(interactions.answer(details, details.csrfToken, stale)).rejects.toThrow(TypeError);
  });

  it.each([
    ['of just now, with prompt=login', { prompt: 'login' }, T0],
    ['as old as max_age', { max_age: '60' }, T0 - 60],
    ['of long ago, where nobody minds', {}, T0 - 100_000],
  ] as const)('AS-171 has a login %s', async (_name, own, authTime) => {
    const { test, browser, redirect } = await begun(own);
    await browser.answer(redirect, {
      login: { ...login, authTime: authTime as typeof T0 },
      consent: {},
    });
    const [grant] = await test.stores.grants.listGrants('alice', T0);
    expect(grant?.login?.authTime).toBe(authTime);
  });

  it.each([
    ['of now, where the clock has stepped back', -600, undefined, T0 - 600],
    ['that a clock ahead saw, as of now', 60, T0 + 70, T0 + 60],
    ['that a clock behind saw, right after the request', 0, T0 - 10, T0 - 10],
  ])('THR-65 AS-171 has a login %s', async (_name, elapsed, told, authTime) => {
    const { test, browser, redirect } = await begun({ prompt: 'login' });
    test.clock.advance(elapsed);
    const when = told === undefined ? {} : { authTime: told as typeof T0 };
    await browser.answer(redirect, { login: { ...login, ...when }, consent: {} });
    const [grant] = await test.stores.grants.listGrants('alice', test.clock.now());
    expect(grant?.login?.authTime).toBe(authTime);
  });

  /** Somebody is logged in and has still to allow it, or to log in again. */
  async function loggedIn(own: AuthorizationParameters, age: number) {
    const first = await begun();
    await first.browser.logIn(first.redirect);
    first.test.clock.advance(age);
    const redirect = await first.browser.authorize(own);
    return { ...first, redirect, details: await first.browser.details(redirect) };
  }

  it('THR-65 AS-171 INV-1 asks for a new login where the old one aged while its user read the page', async () => {
    const { test, interactions, browser, redirect, details } = await loggedIn(
      { max_age: '60' },
      60,
    );
    expect(details.reasons).toEqual(['consent']);
    test.clock.advance(1);
    const next = await interactions.answer(details, details.csrfToken, { consent: {} });
    expect(next).toMatchObject({ ok: true, value: { to: 'interaction' } });
    expect((await browser.details(redirect)).reasons).toEqual(['login']);
    const back = await browser.answer(redirect, { login }, { consent: {} });
    expect(saidToClient(back)).toMatchObject({ code: expect.any(String) });
  });

  it('THR-65 AS-171 still asks for the new login where a clock that is behind sees the old one', async () => {
    const { test, browser, redirect, details } = await loggedIn({ max_age: '60' }, 61);
    expect(details.reasons).toEqual(['login']);
    test.clock.advance(-5);
    expect((await browser.details(redirect)).reasons).toEqual(['login']);
    const back = await browser.answer(redirect, { login, consent: {} });
    expect(saidToClient(back)).toMatchObject({ code: expect.any(String) });
  });

  it('AS-256 AS-178 is less than was asked', async () => {
    const { test, browser, redirect } = await begun({
      scope: 'openid profile email',
      authorization_details: '[{"type":"payment","amount":9}]',
    });
    const consent = {
      scopes: ['openid', 'email'],
      authorizationDetails: [{ type: 'payment', amount: 5 }],
    };
    await browser.answer(redirect, { login, consent });
    expect(await test.stores.grants.listGrants('alice', T0)).toMatchObject([consent]);
  });

  it.each([
    ['a scope', { scopes: ['openid', 'email'] }],
    ['offline_access, which was not there to grant', { scopes: ['openid', 'offline_access'] }],
    ['a larger amount', { authorizationDetails: [{ type: 'payment', amount: 10 }] }],
    ['another type', { authorizationDetails: [{ type: 'other', amount: 1 }] }],
  ])('AS-256 is never more: %s', async (_name, consent) => {
    const { test, interactions, browser, redirect } = await begun({
      scope: 'openid profile offline_access',
      authorization_details: '[{"type":"payment","amount":9}]',
    });
    const details = await browser.details(redirect);
    const answer = interactions.answer(details, details.csrfToken, { login, consent });
    await expect(answer).rejects.toThrow(TypeError);
    expect(await test.stores.grants.listGrants('alice', T0)).toEqual([]);
  });

  it('AS-25 asks the next user, whatever the one before allowed', async () => {
    const { interactions, browser, redirect } = await begun({ max_age: '5' });
    const first = await browser.details(redirect);
    await interactions.answer(first, first.csrfToken, { login });
    const second = await browser.details(redirect);
    const other = { login: { subject: 'bob' } };
    const next = await interactions.answer(second, second.csrfToken, other);
    expect(next).toMatchObject({ value: { to: 'interaction' } });
    expect(await browser.details(redirect)).toMatchObject({ subject: 'bob', reasons: ['consent'] });
  });
});

describe('the token of a form', () => {
  const login = { subject: 'alice' };

  it('THR-57 is of one interaction in one browser, and nothing else will do', async () => {
    const { test, interactions, browser, redirect } = await begun();
    const details = await browser.details(redirect);
    const sibling = await browser.details(await browser.authorize());
    const elsewhere = new TestBrowser(test);
    const strange = await elsewhere.details(await elsewhere.authorize());
    const forged = [
      undefined,
      '',
      '1.',
      `1.${'A'.repeat(43)}`,
      details.csrfToken.slice(0, -1),
      details.csrfToken.replace('1.', '2.'),
      details.csrfToken.replace('1.', '01.'),
      sibling.csrfToken,
      strange.csrfToken,
    ];
    for (const token of forged) {
      const answered = await interactions.answer(details, token, { login });
      expect([token, refusalOf(answered)]).toEqual([token, 'interaction.csrf']);
      expect(refusalOf(await interactions.reject(details, token))).toBe('interaction.csrf');
    }
    expect((await browser.details(redirect)).reasons).toEqual(['login']);
  });

  it('THR-57 answers one question once', async () => {
    const { interactions, browser, redirect } = await begun();
    const details = await browser.details(redirect);
    await interactions.answer(details, details.csrfToken, { login });
    const again = await interactions.answer(details, details.csrfToken, { login });
    expect(refusalOf(again)).toBe('interaction.stale');
    const denied = await interactions.reject(details, details.csrfToken);
    expect(refusalOf(denied)).toBe('interaction.stale');
  });

  it('THR-57 AS-22 lets one of twenty answers at once through', async () => {
    const { interactions, browser, redirect } = await begun();
    const details = await browser.details(redirect);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? interactions.answer(details, details.csrfToken, { login, consent: {} })
          : interactions.reject(details, details.csrfToken),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('AS-22 answers nothing more once all is answered', async () => {
    const { interactions, browser, redirect, id } = await begun();
    const details = await browser.details(redirect);
    await interactions.reject(details, details.csrfToken);
    expect(refusalOf(await interactions.details(id, browser.cookie))).toBe('interaction.answered');
    const answered = await interactions.answer(details, details.csrfToken, { login });
    expect(refusalOf(answered)).toBe('interaction.answered');
  });
});
