import { expect } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import { clientKey, dpopProof, otherKey, textIn, thumbprint, type Flaw } from '@keybound/testing';
import { onTheWire } from '../../support/wire-answer.js';
import { type SuiteClient } from '../../support/suite-client.js';
import { expectError } from './expectations.js';
import { expectProofFaults } from './proof-faults.js';
import type { Modules } from './module-table.js';
import { open } from './pushed-modules.js';
import type { Suite } from './suite.js';

const fapi = 'fapi2-security-profile-final-';
const ownKey = { dpop_jkt: thumbprint(clientKey) };

/** Modules about DPoP. */
export const senderConstraintModules: Modules = {
  [`${fapi}access-token-type-header-case-sensitivity`]: async (suite) => {
    const token = await boundToken(suite);
    for (const scheme of ['DPoP', 'dpop', 'DPOP', 'dPoP']) {
      expect((await whoAmI(suite, token, {}, scheme)).status).toBe(200);
    }
  },

  [`${fapi}check-dpop-proof-nbf-exp`]: async (suite) => {
    const { clock } = suite;
    const extra = { nbf: clock.now() - 5, exp: clock.now() + 60 };
    await expectEverywhere(suite, extra);
  },

  [`${fapi}ensure-dpopproof-with-iat-10seconds-before-succeeds / …-after-succeeds`]: async (
    suite,
  ) => {
    for (const apart of [-10, 10]) {
      await expectEverywhere(suite, { iat: suite.clock.now() + apart });
    }
    const iat = suite.clock.now() - 3_600;
    const { signing } = suite;
    expectError(await signing.post('/par', signing.request(), { iat }), 400, 'invalid_dpop_proof');
    const code = await signing.code();
    expectError(await signing.redeem(code, {}, { iat }), 400, 'invalid_dpop_proof');
  },

  [`${fapi}ensure-dpop-auth-code-binding-success`]: async ({ signing }) => {
    const unproven = signing.withoutProof();
    const { code = '' } = await open(signing, await unproven.push(signing.request(ownKey)));
    const { status, json } = await signing.redeem(code);
    expect([status, json['token_type']]).toEqual([200, 'DPoP']);
  },

  [`${fapi}ensure-dpopproof-at-par-endpoint-binding-success`]: async ({ signing }) => {
    const { code = '' } = await open(signing, await signing.push());
    const { status, json } = await signing.redeem(code);
    expect([status, json['token_type']]).toEqual([200, 'DPoP']);
  },

  [`${fapi}ensure-mismatched-dpop-jkt-fails`]: async ({ signing }) => {
    const foreign = { dpop_jkt: thumbprint(otherKey) };
    const answer = await signing.post('/par', signing.request(foreign));
    expectError(answer, 400, 'invalid_request');
    expect(await signing.push(signing.request(ownKey))).toMatch(/^urn:/);
  },

  [`${fapi}ensure-token-endpoint-fails-with-mismatched-dpop-jkt`]: async ({ signing }) => {
    const unproven = signing.withoutProof();
    const { code = '' } = await open(signing, await unproven.push(signing.request(ownKey)));
    await expectBound(signing, code);
  },

  [`${fapi}ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt`]: async ({ signing }) => {
    const { code = '' } = await open(signing, await signing.push());
    await expectBound(signing, code);
  },

  [`${fapi}dpop-negative-tests`]: async (suite) =>
    expectProofFaults(suite, await boundToken(suite)),

  [`${fapi}ensure-holder-of-key-required`]: async ({ signing }) => {
    const code = await signing.code();
    expectError(await signing.withoutProof().redeem(code), 400, 'invalid_dpop_proof');
    expect((await signing.redeem(code)).status).toBe(200);
  },
};

/** The code is good for the key that it is bound to, and for no other. */
async function expectBound(client: SuiteClient, code: string): Promise<void> {
  const thief = client.with({ dpopKey: otherKey });
  expectError(await thief.redeem(code), 400, 'invalid_grant');
  expect((await client.redeem(code)).status).toBe(200);
}

/** A proof with other members is taken at PAR, at the token endpoint and at the resource. */
async function expectEverywhere(suite: Suite, proof: Flaw): Promise<void> {
  const { signing } = suite;
  const { code = '' } = await open(signing, await signing.push(signing.request(), proof));
  const redeemed = await signing.redeem(code, {}, proof);
  expect(redeemed.status).toBe(200);
  const answer = await whoAmI(suite, textIn(redeemed.json, 'access_token'), proof);
  expect(answer.status).toBe(200);
}

async function boundToken({ signing }: Suite): Promise<string> {
  const tokens: JsonObject = await signing.tokens();
  return textIn(tokens, 'access_token');
}

async function whoAmI({ app, clock }: Suite, token: string, proof: Flaw, scheme = 'DPoP') {
  const url = `${app.issuer}/api/whoami`;
  const claims = { htm: 'GET', htu: url, iat: clock.now(), ...proof };
  const dpop = await dpopProof(claims, { key: clientKey }, token);
  return onTheWire(url, { headers: { authorization: `${scheme} ${token}`, dpop } });
}
