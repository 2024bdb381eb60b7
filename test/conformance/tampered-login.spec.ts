import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimsIn } from '@keybound/testing';
import { HeadlessUser } from '../support/running-sample-app.js';
import { sentIn, suiteRedirectUri } from '../support/suite-client.js';
import { startSuite, type Suite } from './modules/suite.js';

/** What somebody would like the request to say, once it was looked at. */
const wishes: Readonly<Record<string, string>> = {
  client_id: 'second',
  redirect_uri: 'https://client.example/cb2',
  response_type: 'token',
  response_mode: 'fragment',
  scope: 'openid email phone',
  state: 'another',
  nonce: 'another',
  code_challenge: 'x'.repeat(43),
  resource: 'https://other.example',
};

function withWishes(values: URLSearchParams): URLSearchParams {
  const all = new URLSearchParams(values);
  for (const [name, value] of Object.entries(wishes)) if (!all.has(name)) all.append(name, value);
  return all;
}

/** From the login on, every URL and every form says something else besides. */
const tampering: typeof fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.pathname === '/authorize') return fetch(url, init);
  const { body } = init;
  url.search = withWishes(url.searchParams).toString();
  return fetch(url, body instanceof URLSearchParams ? { ...init, body: withWishes(body) } : init);
};

describe('a request that waits for its user', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  it('THR-45 AS-20 is what it was when it came, whatever the pages are told', async () => {
    const { first, app } = suite;
    const asked = first.request({ scope: 'openid profile' });
    const user = new HeadlessUser({ username: 'alice', password: 'wonderland' }, tampering);
    const callback = await user.authorize(first.authorizationUrl(asked), suiteRedirectUri);
    expect(callback.href.startsWith(`${suiteRedirectUri}?`)).toBe(true);
    const { code = '', ...sent } = sentIn(callback);
    expect(sent).toEqual({ state: 'state-1', iss: app.issuer });
    const stranger = suite.second.with({ verifier: first.verifier });
    expect((await stranger.redeem(code)).json).toEqual({ error: 'invalid_grant' });
    const { status, json } = await first.redeem(code);
    expect(status).toBe(200);
    expect(claimsIn(json['id_token'])).toMatchObject({ aud: 'first', nonce: 'nonce-1' });
    expect(claimsIn(json['access_token'])).toMatchObject({ scope: 'openid profile' });
  });
});
