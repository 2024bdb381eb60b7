import { beforeAll, describe, expect, it } from '@jest/globals';
import { testServer, type TestServer } from '@keybound/testing';

const perfect = {
  client_id: 'public-1',
  redirect_uri: 'https://client.example/cb',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};
const names = [
  ...Object.keys(perfect),
  'response_mode',
  'state',
  'nonce',
  'resource',
  'authorization_details',
  'claims',
  'prompt',
  'max_age',
  'acr_values',
  'id_token_hint',
  'login_hint',
  'ui_locales',
  'display',
  'dpop_jkt',
  'registration',
  'request',
  'request_uri',
];

/**
 * What takes quadratic time, or the stack, takes it here and lets the test run out of its own; what a
 * value is worth is tested elsewhere.
 */
describe('every parameter, as long as a form can be, of one character', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await testServer();
  });

  it.each(names)('THR-74 INV-1 %s is answered', async (name) => {
    for (const character of ['a', ' ', '.', '[', '{', '"', '/', '-', '0', '\\']) {
      const run = character.repeat(58_000 / encodeURIComponent(character).length);
      for (const value of [run, `${run}!`]) {
        const body = new URLSearchParams({ ...perfect, [name]: value }).toString();
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        for (const url of ['/authorize', '/par']) {
          const { status } = await test.send({ method: 'POST', url, headers, body });
          expect([200, 201, 303, 400, 401, 413]).toContain(status);
        }
      }
    }
  });

  it.each(names)('THR-34 INV-1 %s is a value like others', async (name) => {
    for (const value of ['__proto__', 'constructor', 'toString', 'then', 'hasOwnProperty']) {
      const body = new URLSearchParams({ ...perfect, [name]: value, [value]: name }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      for (const url of ['/authorize', '/par']) {
        const { status } = await test.send({ method: 'POST', url, headers, body });
        expect([201, 303, 400, 401]).toContain(status);
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
