import { expect } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import { clientKey, otherKey, signerFor, type Flaw } from '@keybound/testing';
import { type SuiteClient, toldToClient } from '../../support/suite-client.js';
import { expectError } from './expectations.js';
import type { Modules } from './module-table.js';
import { open } from './pushed-modules.js';
import type { Suite } from './suite.js';

const fapi = 'fapi2-security-profile-final-';

/** Modules about signed request objects, pushed. */
export const requestObjectModules: Modules = {
  [`${fapi}ensure-request-object-with-multiple-aud-succeeds`]: (suite) =>
    expectTaken(suite, { aud: ['https://other.example', suite.app.issuer] }),
  [`${fapi}ensure-request-object-with-bad-aud-fails`]: (suite) =>
    expectRefused(suite, { aud: 'https://other.example' }),

  [`${fapi}ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted`]: (suite) =>
    expectTaken(suite, { nbf: suite.clock.now() + 8 }),
  [`${fapi}ensure-expired-request-object-fails`]: (suite) =>
    expectRefused(suite, { nbf: suite.clock.now() - 120, exp: suite.clock.now() - 60 }),

  [`${fapi}ensure-request-object-without-redirect-uri-fails`]: async (suite) => {
    const { signing } = suite;
    const request = await requestObject(suite, { redirect_uri: undefined });
    const answer = await signing.post('/par', { client_id: signing.id, request });
    expectError(answer, 400, 'invalid_request');
    await expectTaken(suite, {});
  },

  [`${fapi}ensure-request-object-signature-algorithm-is-not-none`]: async (suite) => {
    const [, payload = ''] = (await requestObject(suite)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    await expectNotTaken(suite.signing, `${header}.${payload}.`);
  },
  [`${fapi}ensure-request-object-with-invalid-signature-fails`]: async (suite) => {
    const [header, payload] = (await requestObject(suite)).split('.');
    const [, , signature] = (await requestObject(suite, { state: 'another' })).split('.');
    await expectNotTaken(suite.signing, [header, payload, signature].join('.'));
  },
  [`${fapi}ensure-matching-key-in-authorization-request`]: async (suite) =>
    expectNotTaken(suite.signing, await requestObject(suite, {}, otherKey)),

  [`${fapi}ensure-unsigned-request-at-par-endpoint-fails`]: async (suite) => {
    const { signed } = suite;
    expectError(await signed.post('/par', signed.request()), 400, 'invalid_request');
    const direct = await signed.ask(signed.request());
    expect(toldToClient(direct)['error']).toBe('invalid_request');
    const request = await requestObject(suite, {}, clientKey, signed);
    expect(await signed.push({ client_id: signed.id, request })).toMatch(/^urn:/);
  },

  [`${fapi}par-authorization-request-containing-request_uri`]: async (suite) => {
    const request_uri = await suite.signing.push();
    await expectRefused(suite, { request_uri });
  },
};

async function requestObject(
  { signing, app, clock }: Suite,
  own: Flaw = {},
  key = clientKey as typeof clientKey | typeof otherKey,
  client = signing,
): Promise<string> {
  const now = clock.now();
  const times = { iat: now, nbf: now, exp: now + 300, iss: client.id, aud: app.issuer };
  const header = { typ: 'oauth-authz-req+jwt' };
  const claims: Flaw = { ...client.request(), ...times, ...own };
  return signCompactJws(header, claims, await signerFor(key));
}

async function expectTaken(suite: Suite, own: Flaw): Promise<void> {
  const { signing } = suite;
  const request = await requestObject(suite, own);
  const sent = await open(signing, await signing.push({ client_id: signing.id, request }));
  expect(sent).toMatchObject({ code: expect.any(String), state: 'state-1' });
}

async function expectRefused(suite: Suite, own: Flaw): Promise<void> {
  await expectNotTaken(suite.signing, await requestObject(suite, own));
}

async function expectNotTaken(client: SuiteClient, request: string): Promise<void> {
  const answer = await client.post('/par', { client_id: client.id, request });
  expectError(answer, 400, 'invalid_request_object');
}
