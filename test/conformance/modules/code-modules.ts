import { expect } from '@jest/globals';
import { claimsIn, clientKey, otherKey, textIn, thumbprint, type Flaw } from '@keybound/testing';
import { byAssertion, byName } from '../../support/client-credentials.js';
import { onTheWire } from '../../support/wire-answer.js';
import { expectError } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

const fapi = 'fapi2-security-profile-final-';

/** Modules about codes, refresh tokens, and clients that say who they are. */
export const codeModules: Modules = {
  [`${fapi}ensure-client-id-in-token-endpoint`]: async ({ signing, signing2 }) => {
    const code = await signing.code();
    const other = { client_id: signing2.id };
    expectError(await signing.redeem(code, other), 401, 'invalid_client');
    expect((await signing.redeem(code, { client_id: signing.id })).status).toBe(200);
  },

  [`${fapi}ensure-authorization-code-is-bound-to-client`]: async ({ signing, signing2 }) => {
    const code = await signing.code();
    const other = signing2.with({ verifier: signing.verifier });
    expectError(await other.redeem(code), 400, 'invalid_grant');
    expect((await signing.redeem(code)).status).toBe(200);
  },

  [`${fapi}attempt-reuse-authorization-code-after-one-second`]: async (suite) => {
    const { signing, clock, app } = suite;
    const code = await signing.code();
    const { json } = await signing.redeem(code);
    const url = `${app.issuer}/userinfo`;
    const token = textIn(json, 'access_token');
    const ask = async () =>
      (await onTheWire(url, { headers: await signing.boundFields(token, 'GET', url) })).status;
    expect(await ask()).toBe(200);
    clock.advance(1);
    expectError(await signing.redeem(code), 400, 'invalid_grant');
    expect(await ask()).toBe(401);
  },

  [`${fapi}ensure-token-endpoint-fails-with-expired-auth-code`]: async ({ signing, clock }) => {
    const [early, late] = [await signing.code(), await signing.code()];
    clock.advance(59);
    expect((await signing.redeem(early)).status).toBe(200);
    clock.advance(2);
    expectError(await signing.redeem(late), 400, 'invalid_grant');
  },

  [`${fapi}ensure-pkce-code-verifier-required`]: async ({ signing }) => {
    const code = await signing.code();
    const answer = await signing.redeem(code, { code_verifier: undefined });
    expectError(answer, 400, 'invalid_grant');
  },
  [`${fapi}incorrect-pkce-code-verifier-rejected`]: async ({ signing }) => {
    const code = await signing.code();
    const answer = await signing.redeem(code, { code_verifier: 'x'.repeat(43) });
    expectError(answer, 400, 'invalid_grant');
    expect((await signing.redeem(code)).status).toBe(200);
  },

  [`${fapi}ensure-client-assertion-in-token-endpoint`]: async ({ signing }) => {
    const nameless = signing.with({ authentication: byName(signing.id) });
    expectError(await nameless.redeem(await signing.code()), 401, 'invalid_client');
  },
  [`${fapi}ensure-client-assertion-with-exp-is-5-minutes-in-past-fails`]: (suite) => {
    const exp = suite.clock.now() - 300;
    return expectAssertion(suite, '/token', { exp, iat: exp - 60 }, 401);
  },
  [`${fapi}ensure-client-assertion-with-wrong-aud-fails`]: (suite) =>
    expectAssertion(suite, '/token', { aud: 'https://other.example' }, 401),
  [`${fapi}ensure-client-assertion-with-no-sub-fails`]: (suite) =>
    expectAssertion(suite, '/token', { sub: undefined }, 401),
  [`${fapi}par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted`]: (suite) =>
    expectAssertion(suite, '/par', { nbf: suite.clock.now() + 8 }, 201),
  [`${fapi}par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails`]: async (
    suite,
  ) => {
    const ahead = suite.clock.now() + 61;
    await expectAssertion(suite, '/par', { nbf: ahead, exp: ahead + 60 }, 401);
    await expectAssertion(suite, '/par', { iat: ahead, exp: ahead + 60 }, 401);
  },

  [`${fapi}refresh-token`]: async (suite) => {
    const { signing, signing2 } = suite;
    const request = { scope: 'openid offline_access', prompt: 'consent' };
    const token = textIn(await signing.tokens(signing.request(request)), 'refresh_token');
    const another = await signing.with({ dpopKey: otherKey }).refresh(token);
    expect(another.status).toBe(200);
    expect(claimsIn(another.json['access_token'])['cnf']).toEqual({ jkt: thumbprint(otherKey) });
    expect(another.json['refresh_token']).toBe(token);
    const nameless = signing.with({ authentication: byName(signing.id) });
    expectError(await nameless.refresh(token), 401, 'invalid_client');
    expectError(await signing2.refresh(token), 400, 'invalid_grant');
    suite.clock.advance(30);
    expect((await signing.refresh(token)).status).toBe(200);
  },
};

/** What becomes of a request whose client assertion has other claims. */
async function expectAssertion(
  { signing, app, clock }: Suite,
  path: '/token' | '/par',
  claims: Flaw,
  status: 201 | 401,
): Promise<void> {
  const { id: clientId } = signing;
  const own = { clientId, issuer: app.issuer, key: clientKey, now: () => clock.now(), claims };
  const client = signing.with({ authentication: byAssertion(own) });
  const answer =
    path === '/par'
      ? await client.post(path, client.request())
      : await client.redeem(await client.code());
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.json).toEqual({ error: 'invalid_client' });
}
