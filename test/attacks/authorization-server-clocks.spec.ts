import { describe, expect, it } from '@jest/globals';
import { inMemoryStores } from '@keybound/authorization-server';
import { InMemoryReplayStore, seconds } from '@keybound/core';
import {
  authorizationForm,
  codeForm,
  interactionIn,
  issuedJwt,
  issuedReference,
  pkce,
  pushWith,
  refreshForm,
  requestUriOf,
  savedRefreshToken,
  saidToClient,
  secretAuthentication,
  SettableClock,
  T0,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';

/** Two instances on the same stores, each with a clock of its own. */
async function instances() {
  const [clockOfOne, clockOfTwo] = [new SettableClock(), new SettableClock()];
  const shared = {
    stores: inMemoryStores(),
    replay: { store: new InMemoryReplayStore() },
    clients: undemandingClients,
    accessTokens: { requireProof: false },
  };
  const one = await testServer({ ...shared, clock: clockOfOne });
  const two = await testServer({ ...shared, clock: clockOfTwo });
  return { one, two, clockOfOne, clockOfTwo };
}

async function post(server: TestServer, url: string, form: Form): Promise<TestAnswer> {
  return server.send({ ...(await tokenRequest(form)), url });
}

/** All of a login and its tokens. @param next Which instance takes the next step. */
async function wholeFlow(next: () => TestServer): Promise<void> {
  const challenge = { code_challenge: pkce.challenge };
  const own = { prompt: 'login consent', scope: 'openid offline_access', ...challenge };
  const requestUri = requestUriOf(await pushWith(next(), own));
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const visit = async (at: TestServer, url: string): Promise<TestAnswer> => {
    const answer = await at.send({ url, headers: cookies.size === 0 ? {} : { cookie: cookie() } });
    for (const field of answer.fields('set-cookie')) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(field) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  const query = new URLSearchParams({ client_id: 'public-1', request_uri: requestUri });
  const redirect = await visit(next(), `/authorize?${query.toString()}`);
  const id = interactionIn(redirect);
  let location = '';
  for (const answer of [{ login: { subject: 'alice' } }, { consent: {} }]) {
    const details = await next().server.interactions.details(id, cookie());
    if (!details.ok) throw new Error(details.failure.code);
    const { interactions } = next().server;
    const told = await interactions.answer(details.value, details.value.csrfToken, answer);
    if (!told.ok) throw new Error(told.failure.code);
    ({ location } = told.value);
  }
  const { code = '' } = saidToClient(await visit(next(), location));
  const tokens = await post(next(), '/token', codeForm(code));
  expect(tokens.status).toBe(200);
  const authorization = `Bearer ${textIn(tokens.json, 'access_token')}`;
  const userInfo = { url: '/userinfo', headers: { authorization } };
  expect((await next().send(userInfo)).status).toBe(200);
  const token = textIn(tokens.json, 'refresh_token');
  const refreshed = await post(next(), '/token', refreshForm(token));
  expect(refreshed.status).toBe(200);
  const silent = authorizationForm({ prompt: 'none', scope: 'openid' });
  const answered = await visit(next(), `/authorize?${silent}`);
  expect(saidToClient(answered)['error']).toBe('consent_required');
  const revoked = { token: textIn(refreshed.json, 'refresh_token'), client_id: 'public-1' };
  expect((await post(next(), '/revoke', revoked)).status).toBe(200);
  expect((await next().send(userInfo)).status).toBe(401);
}

/** How many steps a whole flow has, page and answer twice. */
const steps = 13;

describe('Clocks that disagree', () => {
  it.each([5, -5])(
    'THR-65 AS-272 by %d seconds, at any one step, change nothing',
    async (apart) => {
      for (let at = 0; at < steps; at += 1) {
        const { one, two, clockOfTwo } = await instances();
        clockOfTwo.advance(apart);
        let step = 0;
        await wholeFlow(() => (step++ === at ? two : one));
        expect(step).toBe(steps);
      }
    },
  );

  it('THR-65 AS-171 step back by ten minutes before any one step, and change nothing', async () => {
    for (let at = 0; at < steps; at += 1) {
      const { one, clockOfOne } = await instances();
      let step = 0;
      await wholeFlow(() => {
        if (step++ === at) clockOfOne.advance(-600);
        return one;
      });
      expect(step).toBe(steps);
    }
  });

  it.each([
    ['an access token', (at: TestServer) => issuedJwt(at.server, { exp: T0 + 3 })],
    ['a reference token', (at: TestServer) => issuedReference(at.server, { exp: T0 + 3 })],
    [
      'a refresh token',
      ({ stores }: TestServer) =>
        savedRefreshToken(
          stores.grants,
          {},
          { clientId: 'secret-1', idleExpiresAt: seconds(T0 + 3) },
        ),
    ],
  ])(
    'THR-65 AS-141 %s that is over for the instance that revokes it is revoked for all',
    async (_what, issued) => {
      const { one, two, clockOfTwo } = await instances();
      const token = await issued(one);
      expect(await isActive(one, token)).toBe(true);
      clockOfTwo.advance(5);
      const form = { token };
      const request = await tokenRequest(form, { headers: secretAuthentication });
      expect((await two.send({ ...request, url: '/revoke' })).status).toBe(200);
      expect(await isActive(one, token)).toBe(false);
    },
  );
});

async function isActive(server: TestServer, token: string): Promise<unknown> {
  const request = await tokenRequest({ token }, { headers: secretAuthentication });
  return (await server.send({ ...request, url: '/introspect' })).json['active'];
}
