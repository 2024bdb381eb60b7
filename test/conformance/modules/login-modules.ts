import { expect } from '@jest/globals';
import { textIn } from '@keybound/testing';
import type { JWTPayload } from 'jose';
import { suiteUser, type SuiteUser } from '../../support/suite-user.js';
import { toldToClient, type Parameters } from '../../support/suite-client.js';
import { expectIdToken } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

/** Modules about who has to log in, and when. */
export const loginModules: Modules = {
  'oidcc-prompt-login': async (suite) => {
    const browser = suiteUser();
    const before = await logIn(suite, browser, { max_age: '15000' });
    suite.clock.advance(5);
    const after = await logIn(suite, browser, { max_age: '15000', prompt: 'login' });
    expect(browser.asked.filter((question) => question === 'password')).toHaveLength(2);
    expect(after['auth_time']).toBe(Number(before['auth_time']) + 5);
    expect(after.sub).toBe(before.sub);
  },

  'oidcc-prompt-none-not-logged-in': async ({ first, app }) => {
    const answer = await first.ask(first.plainRequest({ prompt: 'none' }));
    const { issuer: iss } = app;
    expect(toldToClient(answer)).toEqual({ error: 'login_required', state: 'state-1', iss });
  },

  'oidcc-prompt-none-logged-in': async (suite) => {
    const browser = suiteUser();
    const before = await logIn(suite, browser, { max_age: '15000' });
    suite.clock.advance(5);
    browser.asked.length = 0;
    const after = await logIn(suite, browser, { max_age: '15000', prompt: 'none' });
    expect(browser.asked).toEqual([]);
    expect([after.sub, after['auth_time']]).toEqual([before.sub, before['auth_time']]);
  },

  'oidcc-max-age-1': async (suite) => {
    const browser = suiteUser();
    const before = await logIn(suite, browser, {});
    suite.clock.advance(2);
    const after = await logIn(suite, browser, { max_age: '1' });
    expect(browser.asked.filter((question) => question === 'password')).toHaveLength(2);
    expect(after['auth_time']).toBe(suite.clock.now());
    expect(after.sub).toBe(before.sub);
  },

  'oidcc-max-age-10000': async (suite) => {
    const browser = suiteUser();
    const before = await logIn(suite, browser, { max_age: '15000' });
    suite.clock.advance(1_000);
    const after = await logIn(suite, browser, { max_age: '10000' });
    expect(browser.asked.filter((question) => question === 'password')).toHaveLength(1);
    expect([after.sub, after['auth_time']]).toEqual([before.sub, before['auth_time']]);
  },

  'oidcc-id-token-hint': async (suite) => {
    const browser = suiteUser();
    const { first } = suite;
    const tokens = await first.tokens(first.plainRequest(), browser.user);
    const before = await expectIdToken(suite, first, tokens);
    browser.asked.length = 0;
    const hint = { prompt: 'none', id_token_hint: textIn(tokens, 'id_token') };
    const after = await logIn(suite, browser, hint);
    expect(browser.asked).toEqual([]);
    expect(after.sub).toBe(before.sub);
    const bob = suiteUser('allow', 'bob');
    await logIn(suite, bob, {});
    const sent = await first.authorize(first.plainRequest(hint), bob.user);
    expect(sent['error']).toBe('login_required');
  },
};

async function logIn(suite: Suite, { user }: SuiteUser, own: Parameters): Promise<JWTPayload> {
  const { first } = suite;
  return expectIdToken(suite, first, await first.tokens(first.plainRequest(own), user));
}
