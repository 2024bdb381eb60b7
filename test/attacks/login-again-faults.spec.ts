import { describe, expect, it } from '@jest/globals';
import { hash, T0, TestBrowser, testServer, undemandingClients } from '@keybound/testing';
import { FailingStores, type Loss } from '../support/failing-stores.js';

const completes = 'grants.completeAuthorization';

function sessionOf({ cookie = '' }: TestBrowser): string {
  return /__Host-keybound-session=([^;]+)/.exec(cookie)?.[1] ?? '';
}

/** Somebody who has a session, logs in once more, and is on the way back. */
async function loggingInAgain() {
  const failing = new FailingStores();
  const test = await testServer({
    clients: undemandingClients,
    stores: failing.stores,
    replay: { store: failing.replay },
  });
  const browser = new TestBrowser(test);
  await browser.logIn(await browser.authorize());
  const details = await browser.details(await browser.authorize({ prompt: 'login' }));
  const answer = { login: { subject: 'alice' }, consent: {} };
  const next = await test.server.interactions.answer(details, details.csrfToken, answer);
  if (!next.ok) throw new Error(next.failure.code);
  const { location } = next.value;
  const isAlive = async (session: string) =>
    (await failing.stores.sessions.find(hash(session), 1_000, T0)) !== undefined;
  return { failing, browser, isAlive, comeBack: () => browser.visit(location) };
}

describe.each<Loss>(['before', 'after'])(
  'a login beside an older session, a connection lost %s the store acted',
  (when) => {
    it('THR-92 THR-67 AS-26 AS-29 is 503 at every call, and whoever comes back is logged in, once', async () => {
      const whole = await loggingInAgain();
      whole.failing.watch();
      expect((await whole.comeBack()).status).toBe(303);
      const calls = [...whole.failing.calls];
      expect(calls.indexOf('sessions.start')).toBeLessThan(calls.indexOf(completes));
      for (const [at, call] of calls.entries()) {
        const { failing, browser, isAlive, comeBack } = await loggingInAgain();
        const older = sessionOf(browser);
        failing.watch({ at, when });
        expect({ call, status: (await comeBack()).status }).toEqual({ call, status: 503 });
        expect(sessionOf(browser)).toBe(older);
        failing.watch();
        const isDone = call === completes && when === 'after';
        expect({ call, status: (await comeBack()).status }).toEqual({
          call,
          status: isDone ? 400 : 303,
        });
        expect({ call, older: await isAlive(older) }).toEqual({ call, older: false });
        expect({ call, alive: await isAlive(sessionOf(browser)) }).toEqual({
          call,
          alive: !isDone,
        });
      }
    });
  },
);
