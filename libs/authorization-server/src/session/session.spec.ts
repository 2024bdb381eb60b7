import { describe, expect, it } from '@jest/globals';
import { seconds, type Seconds } from '@keybound/core';
import {
  hash,
  interactionIn,
  saidToClient,
  T0,
  testAccounts,
  TestBrowser,
  testServer,
} from '@keybound/testing';

const cookie = '__Host-keybound-session';

async function loggedIn(own: Parameters<typeof testServer>[0] = {}) {
  const test = await testServer(own);
  const browser = new TestBrowser(test);
  await browser.logIn(await browser.authorize());
  const isAsked = async () => {
    const answer = await browser.authorize({ prompt: 'none' });
    const { error } = saidToClient(answer);
    return error === 'login_required';
  };
  return { test, browser, isAsked };
}

function valueOf(browser: TestBrowser, name = cookie): string {
  return new RegExp(`${name}=([^;]+)`).exec(browser.cookie ?? '')?.[1] ?? '';
}

describe('a session', () => {
  it('AS-26 THR-85 is kept by the hash of 256 random bits', async () => {
    const { test, browser } = await loggedIn();
    const secret = valueOf(browser);
    expect(secret).toMatch(/^session_[A-Za-z0-9_-]{43}$/);
    const session = await test.stores.sessions.find(hash(secret), 1_000, T0);
    expect(session).toMatchObject({
      subject: 'alice',
      authTime: T0,
      amr: [],
      clientIds: ['public-1'],
      sid: expect.stringMatching(/^sid_/),
    });
    expect(JSON.stringify(session)).not.toContain(secret);
  });

  it('AS-26 THR-57 has another identifier after each login, and the old one is dead', async () => {
    const { test, browser, isAsked } = await loggedIn();
    const first = valueOf(browser);
    await browser.logIn(await browser.authorize({ prompt: 'login' }));
    const second = valueOf(browser);
    expect(second).not.toBe(first);
    expect(await isAsked()).toBe(false);
    browser.set(cookie, first);
    expect(await isAsked()).toBe(true);
    expect(await test.stores.sessions.find(hash(first), 1_000, T0)).toBeUndefined();
  });

  it('AS-26 THR-57 does not take a name that was planted before the login', async () => {
    const test = await testServer();
    const browser = new TestBrowser(test);
    const planted = `session_${'A'.repeat(43)}`;
    browser.set(cookie, planted);
    await browser.logIn(await browser.authorize());
    expect(valueOf(browser)).not.toBe(planted);
    expect(await test.stores.sessions.find(hash(planted), 1_000, T0)).toBeUndefined();
  });

  it.each([
    ['lasts through its last idle second', 599, false],
    ['is over after it', 600, true],
  ])('AS-26 %s', async (_name, idle, over) => {
    const { test, isAsked } = await loggedIn({ sessions: { idleSeconds: 600 } });
    test.clock.advance(idle);
    expect(await isAsked()).toBe(over);
  });

  it('AS-26 ends at its absolute limit, however often it is used', async () => {
    const sessions = { idleSeconds: 600, absoluteSeconds: 1_000 };
    const { test, browser, isAsked } = await loggedIn({ sessions });
    test.clock.advance(500);
    await browser.answer(await browser.authorize(), { consent: { remember: true } });
    test.clock.advance(499);
    expect(await isAsked()).toBe(false);
    test.clock.advance(2);
    expect(await isAsked()).toBe(true);
  });

  it('AS-26 lasts on when it is used, without any page', async () => {
    const { test, browser, isAsked } = await loggedIn({ sessions: { idleSeconds: 600 } });
    await browser.answer(await browser.authorize(), { consent: { remember: true } });
    test.clock.advance(599);
    expect(saidToClient(await browser.authorize())).toMatchObject({ code: expect.any(String) });
    test.clock.advance(599);
    expect(await isAsked()).toBe(false);
  });

  it('AS-26 AS-73 THR-50 ends in every browser where the user’s logins were ended', async () => {
    const ended: { at: Seconds | undefined } = { at: undefined };
    const loginsEndedAt = () => Promise.resolve(ended.at);
    const { test, browser, isAsked } = await loggedIn({
      accounts: { ...testAccounts, loginsEndedAt },
    });
    ended.at = T0;
    expect(await isAsked()).toBe(false);
    const waiting = await browser.authorize({ prompt: 'consent' });
    const details = await browser.details(waiting);
    ended.at = seconds(T0 + 1);
    expect(await isAsked()).toBe(true);
    const { interactions } = test.server;
    const next = await interactions.answer(details, details.csrfToken, { consent: {} });
    expect(next).toMatchObject({ value: { to: 'interaction' } });
    test.clock.advance(1);
    const back = await browser.answer(waiting, { login: { subject: 'alice' }, consent: {} });
    expect(saidToClient(back)).toMatchObject({ code: expect.any(String) });
    expect(await isAsked()).toBe(false);
  });

  it('AS-26 AS-73 a login that was ended before its browser came back begins no session', async () => {
    const ended: { at: Seconds | undefined } = { at: undefined };
    const loginsEndedAt = () => Promise.resolve(ended.at);
    const test = await testServer({ accounts: { ...testAccounts, loginsEndedAt } });
    const browser = new TestBrowser(test);
    const redirect = await browser.authorize();
    const details = await browser.details(redirect);
    const answer = { login: { subject: 'alice' }, consent: {} };
    const next = await test.server.interactions.answer(details, details.csrfToken, answer);
    if (!next.ok) throw new Error(next.failure.code);
    ended.at = seconds(T0 + 1);
    const back = await browser.visit(next.value.location);
    expect(back.fields('set-cookie')).toEqual([]);
    expect(interactionIn(back)).toBe(details.id);
    expect((await browser.details(redirect)).reasons).toEqual(['login']);
  });

  it('AS-26 remembers for which clients it was used', async () => {
    const { test, browser } = await loggedIn();
    await browser.answer(await browser.authorize({ client_id: 'secret-1' }), { consent: {} });
    const session = await test.stores.sessions.find(hash(valueOf(browser)), 1_000, T0);
    expect(session?.clientIds).toEqual(['public-1', 'secret-1']);
  });
});
