import { describe, expect, it } from '@jest/globals';
import {
  interactionIn,
  saidToClient,
  scene,
  T0,
  TestBrowser,
  testServer,
  type TestServer,
} from '@keybound/testing';
import { elsewhere } from '../extension/interaction.js';

/** A page of the host application: what it answers to a form, given the browser's `Cookie` field. */
interface HostPage {
  readonly origin: string;
  /** Shows the question. @returns The token in its form, or undefined where it shows an error. */
  show(test: TestServer, id: string, cookie: string | undefined): Promise<string | undefined>;
  /** Takes a form in which everything is answered. @returns Where it redirects, with 303. */
  submit(
    test: TestServer,
    id: string,
    cookie: string | undefined,
    form: { readonly csrf: string | undefined; readonly user: string },
  ): Promise<string | undefined>;
}

function hostPage(
  origin: string,
  cookieOf: (cookie: string | undefined) => string | undefined | typeof elsewhere,
): HostPage {
  return {
    origin,
    async show({ server }, id, cookie) {
      const details = await server.interactions.details(id, cookieOf(cookie));
      return details.ok ? details.value.csrfToken : undefined;
    },
    async submit({ server }, id, cookie, { csrf, user }) {
      const details = await server.interactions.details(id, cookieOf(cookie));
      if (!details.ok) return undefined;
      const answer = { login: { subject: user }, consent: {} };
      const next = await server.interactions.answer(details.value, csrf, answer);
      return next.ok ? next.value.location : undefined;
    },
  };
}

/** On the server's own origin: the page gets the browser's cookie, and hands it over. */
const sameOrigin = hostPage(scene.issuer, (cookie) => cookie);
/** On another host, to which the browser never sends that cookie. */
const anotherHost = hostPage('https://login.example.net', () => elsewhere);

async function begun(host: HostPage) {
  const test = await testServer({
    interactions: { url: (id) => `${host.origin}/interaction/${id}` },
  });
  const browser = new TestBrowser(test);
  const redirect = await browser.authorize({ state: 's-1' });
  expect(redirect.fields('location')[0]).toContain(`${host.origin}/interaction/`);
  return { test, browser, id: interactionIn(redirect) };
}

describe.each([
  ['on the server’s own origin', sameOrigin],
  ['on another host', anotherHost],
])('a host whose pages are %s', (_name, host) => {
  it('AS-20 AS-21 AS-22 asks its user, and the server finishes', async () => {
    const { test, browser, id } = await begun(host);
    const csrf = await host.show(test, id, browser.cookie);
    const location = await host.submit(test, id, browser.cookie, { csrf, user: 'alice' });
    expect(location).toMatch(/^https:\/\/as\.example\.com\/authorize\/return\?/);
    const said = saidToClient(await browser.visit(location ?? ''));
    expect(said).toEqual({
      code: expect.stringMatching(/^code_/),
      state: 's-1',
      iss: scene.issuer,
    });
  });

  it('AS-22 THR-57 logs nobody in for an attacker whose link they followed', async () => {
    const { test, browser: attacker, id } = await begun(host);
    const victim = new TestBrowser(test);
    await victim.authorize();
    const csrf = await host.show(test, id, victim.cookie);
    const location = await host.submit(test, id, victim.cookie, { csrf, user: 'alice' });
    if (location !== undefined) expect((await victim.visit(location)).status).toBe(400);
    expect(await test.stores.grants.listGrants('alice', T0)).toEqual([]);
    expect(attacker.cookie).not.toContain('session');
    expect(victim.cookie).not.toContain('session');
  });

  it('THR-57 takes no form of another site, which does not know the token', async () => {
    const { test, browser, id } = await begun(host);
    const forged = { csrf: undefined, user: 'mallory' };
    expect(await host.submit(test, id, browser.cookie, forged)).toBeUndefined();
    expect(await host.show(test, id, browser.cookie)).toBeDefined();
  });
});

it('AS-22 shows a page on the server’s own origin to no other browser', async () => {
  const { test, id } = await begun(sameOrigin);
  const victim = new TestBrowser(test);
  await victim.authorize();
  expect(await sameOrigin.show(test, id, victim.cookie)).toBeUndefined();
});
