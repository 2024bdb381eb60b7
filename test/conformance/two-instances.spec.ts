import { beforeEach, describe, expect, it } from '@jest/globals';
import { generatedSigningKeys, inMemoryStores } from '@keybound/authorization-server';
import { InMemoryReplayStore } from '@keybound/core';
import {
  assertionForm,
  authorizationForm,
  clientKey,
  codeForm,
  dpopProof,
  formTo,
  openPushed,
  otherKey,
  pkce,
  pushWith,
  refreshForm,
  requestUriOf,
  savedCode,
  scene,
  SettableClock,
  testServer,
  textIn,
  tokenRequest,
  type TestServer,
} from '@keybound/testing';
import { authorizationParameters, Browser } from '../support/code-flow.js';

/** What two instances behind a load balancer have in common: stores, keys, and the time. */
describe('AS-272 two instances on the same stores', () => {
  let one: TestServer;
  let other: TestServer;
  beforeEach(async () => {
    const clock = new SettableClock();
    const shared = {
      clock,
      stores: inMemoryStores(),
      replay: { store: new InMemoryReplayStore() },
      keys: await generatedSigningKeys({ algorithms: ['ES256', 'RS256'], clock }),
      nonces: { mode: 'required' as const, secrets: ['n'.repeat(32)] },
    };
    [one, other] = [await testServer(shared), await testServer(shared)];
  });

  /** A nonce of the first instance, which the second has to know. */
  async function nonce(): Promise<string> {
    const asked = await tokenRequest({ grant_type: 'x' }, { proofBy: clientKey });
    const form = codeForm(await savedCode(one.stores.grants));
    const answer = await one.send({ ...asked, body: (await tokenRequest(form)).body ?? '' });
    expect(answer.json).toEqual({ error: 'use_dpop_nonce' });
    return answer.fields('dpop-nonce')[0] ?? '';
  }

  it('THR-59 AS-34 one takes a pushed request, the other opens it, and neither does again', async () => {
    const requestUri = requestUriOf(await pushWith(one));
    const opened = await openPushed(other, requestUri);
    expect(opened.status).toBe(303);
    const browser = new Browser(other);
    const asked = { client_id: 'public-1', request_uri: requestUri };
    const callback = await browser.authorize(asked);
    expect(callback.searchParams.get('code')).not.toBeNull();
    for (const instance of [one, other]) {
      expect((await openPushed(instance, requestUri)).status).toBe(400);
    }
  });

  it('AS-26 one logs a user in, and the other knows', async () => {
    const browser = new Browser(one);
    await browser.authorize(authorizationParameters({ code_challenge: pkce.challenge }));
    const silent = authorizationForm({ prompt: 'none', scope: 'openid' });
    const headers = { cookie: browser.cookie };
    const answer = await other.send({ url: `/authorize?${silent}`, headers });
    expect(answer.fields('location')[0]).toMatch(/[?&]code=/);
  });

  it('AS-64 THR-49 one redeems a code, and the other finds out that it is used again', async () => {
    const code = await savedCode(one.stores.grants);
    const first = await one.send(await provenRequest(codeForm(code), await nonce()));
    expect(first.status).toBe(200);
    const second = await other.send(await provenRequest(codeForm(code), await nonce()));
    expect([second.status, second.json]).toEqual([400, { error: 'invalid_grant' }]);
    const token = textIn(first.json, 'refresh_token');
    const refreshed = await one.send(await provenRequest(refreshForm(token), await nonce()));
    expect(refreshed.json).toEqual({ error: 'invalid_grant' });
  });

  it('AS-86 THR-40 one takes an assertion, and the other does not', async () => {
    const form = await assertionForm();
    const revocation = formTo('/revoke', { token: 'x', ...form });
    expect((await one.send(revocation)).status).toBe(200);
    expect((await other.send(revocation)).json).toEqual({ error: 'invalid_client' });
  });

  it('DPOP-13 THR-28 one takes a proof, and the other does not', async () => {
    const given = await nonce();
    const [first, second] = [
      await savedCode(one.stores.grants),
      await savedCode(one.stores.grants),
    ];
    const request = await provenRequest(codeForm(first), given);
    expect((await one.send(request)).status).toBe(200);
    const { body } = await tokenRequest(codeForm(second));
    const replayed = await other.send({ ...request, body: body ?? '' });
    expect(replayed.json).toEqual({ error: 'invalid_dpop_proof' });
    const fresh = await provenRequest(codeForm(second), given);
    expect((await other.send(fresh)).status).toBe(200);
  });

  it('AS-74 what one bound to a key stays bound at the other', async () => {
    const code = await savedCode(one.stores.grants);
    const { json } = await one.send(await provenRequest(codeForm(code), await nonce()));
    const form = refreshForm(textIn(json, 'refresh_token'));
    const stolen = await other.send(await provenRequest(form, await nonce(), otherKey));
    expect(stolen.json).toEqual({ error: 'invalid_grant' });
    expect((await other.send(await provenRequest(form, await nonce()))).status).toBe(200);
  });

  it('AS-207 what one signs the other publishes', async () => {
    const sets = [one, other].map(async (instance) => {
      const { json } = await instance.send({ url: '/jwks' });
      return json;
    });
    const [published, again] = await Promise.all(sets);
    expect(published).toEqual(again);
    expect(published).toHaveProperty('keys');
  });
});

async function provenRequest(
  form: Parameters<typeof tokenRequest>[0],
  nonce: string,
  key: typeof clientKey | typeof otherKey = clientKey,
) {
  const htu = `${scene.issuer}/token`;
  const dpop = await dpopProof({ htm: 'POST', htu, nonce }, { key });
  return tokenRequest(form, { headers: { dpop } });
}
