import { expect } from '@jest/globals';
import { suiteUser } from '../../support/suite-user.js';
import {
  sentIn,
  suiteRedirectUri,
  toldToClient,
  type SuiteClient,
} from '../../support/suite-client.js';
import { onTheWire } from '../../support/wire-answer.js';
import { expectError, expectIdToken, expectPage, userInfo } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

const fapi = 'fapi2-security-profile-final-';

/** Modules about pushed requests, and about what is asked in them. */
export const pushedModules: Modules = {
  [`${fapi}user-rejects-authentication`]: async ({ signing, app }) => {
    const { user } = suiteUser('deny');
    const sent = await open(signing, await signing.push(), user);
    expect(sent).toEqual({ error: 'access_denied', state: 'state-1', iss: app.issuer });
  },

  [`${fapi}ensure-authorization-request-without-state-success`]: async (suite) => {
    const { signing, app } = suite;
    const sent = await open(signing, await signing.push(signing.request({ state: undefined })));
    expect(sent).toEqual({ code: expect.any(String), iss: app.issuer });
    const { json } = await signing.redeem(sent['code'] ?? '');
    expect(await expectIdToken(suite, signing, json, 'ES256')).not.toHaveProperty('s_hash');
  },

  [`${fapi}ensure-authorization-request-without-nonce-success`]: async (suite) => {
    expect(await nonceOf(suite, undefined)).toBeUndefined();
  },
  [`${fapi}ensure-authorization-request-with-64-char-nonce-success`]: async (suite) => {
    expect(await nonceOf(suite, 'n'.repeat(64))).toBe('n'.repeat(64));
  },
  [`${fapi}ensure-authorization-request-with-long-nonce`]: async (suite) => {
    expect(await nonceOf(suite, 'n'.repeat(384))).toBe('n'.repeat(384));
    const { signing } = suite;
    const answer = await signing.post('/par', signing.request({ nonce: 'n'.repeat(1_025) }));
    expectError(answer, 400, 'invalid_request');
  },

  [`${fapi}ensure-authorization-request-with-long-state`]: async ({ signing }) => {
    const state = 's'.repeat(1_000);
    expect(await open(signing, await signing.push(signing.request({ state })))).toMatchObject({
      state,
    });
    const answer = await signing.post('/par', signing.request({ state: 's'.repeat(4_097) }));
    expectError(answer, 400, 'invalid_request');
  },

  [`${fapi}ensure-other-scope-order-succeeds`]: async (suite) => {
    const { signing } = suite;
    const { user, pages } = suiteUser();
    const uri = await signing.push(signing.request({ scope: 'profile email openid' }));
    const { code = '' } = await open(signing, uri, user);
    expect((await signing.redeem(code)).status).toBe(200);
    expect(pages.length).toBeGreaterThan(0);
  },

  [`${fapi}test-claims-parameter-identity-claims`]: async (suite) => {
    const { first, metadata } = suite;
    const supported = metadata['claims_supported'] as readonly string[];
    const wanted = [...supported, 'unknown_claim'].map((name) => [name, null] as const);
    const claims = JSON.stringify({ userinfo: Object.fromEntries(wanted) });
    const tokens = await first.tokens(first.request({ claims, scope: 'openid' }));
    const { json } = await userInfo(suite, tokens);
    const released = ['name', 'email', 'address', 'phone_number', 'updated_at'];
    expect(Object.keys(json)).toEqual(expect.arrayContaining(released));
    expect(json).not.toHaveProperty('unknown_claim');
  },

  [`${fapi}ensure-redirect-uri-in-authorization-request`]: async ({ signing }) => {
    const answer = await signing.post('/par', signing.request({ redirect_uri: undefined }));
    expectError(answer, 400, 'invalid_request');
  },
  [`${fapi}ensure-registered-redirect-uri`]: expectRegisteredOnly,
  [`${fapi}plain-fapi-tolerate-unregistered-redirect-uri`]: expectRegisteredOnly,

  [`${fapi}ensure-response-type-code-idtoken-fails`]: ({ signing }) =>
    expectOnlyCode(signing, 'code id_token'),
  [`${fapi}ensure-response-type-token-fails`]: ({ signing }) => expectOnlyCode(signing, 'token'),

  [`${fapi}par-ensure-reused-request-uri-prior-to-auth-completion-succeeds`]: async ({
    signing,
  }) => {
    const uri = await signing.push();
    expect((await signing.ask({ client_id: signing.id, request_uri: uri })).status).toBe(303);
    expect(await open(signing, uri)).toMatchObject({ code: expect.any(String) });
  },

  [`${fapi}par-attempt-reuse-request_uri`]: async ({ signing }) => {
    const request_uri = await signing.push();
    await open(signing, request_uri);
    const again = await signing.ask({ client_id: signing.id, request_uri });
    expectPage(again, 'invalid_request_uri');
  },

  [`${fapi}par-attempt-to-use-expired-request_uri`]: async ({ signing, clock }) => {
    const { json } = await signing.post('/par', signing.request());
    const { expires_in: lifetime, request_uri } = json as Record<string, string & number>;
    expect(lifetime).toBeGreaterThanOrEqual(5);
    expect(lifetime).toBeLessThanOrEqual(600);
    clock.advance(Number(lifetime));
    expectPage(await signing.ask({ client_id: signing.id, request_uri }), 'invalid_request_uri');
  },

  [`${fapi}par-attempt-to-use-request_uri-for-different-client`]: async ({ signing, signing2 }) => {
    const request_uri = await signing.push();
    expectPage(await signing.ask({ client_id: signing2.id, request_uri }), 'invalid_request_uri');
    expect(await open(signing, request_uri)).toHaveProperty('code');
  },

  [`${fapi}par-authorization-request-containing-request_uri-form-param`]: async ({ signing }) => {
    const request_uri = await signing.push();
    const answer = await signing.post('/par', signing.request({ request_uri }));
    expectError(answer, 400, 'invalid_request');
  },

  [`${fapi}par-attempt-invalid-http-method`]: async ({ app }) => {
    for (const method of ['GET', 'PUT']) {
      const answer = await onTheWire(`${app.issuer}/par`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    }
  },

  [`${fapi}par-without-duplicate-parameters`]: async ({ signing, app }) => {
    const sent = await open(signing, await signing.push());
    expect(sent).toEqual({ code: expect.any(String), state: 'state-1', iss: app.issuer });
  },

  [`${fapi}par-ensure-pkce-required`]: async ({ signing }) => {
    const answer = await signing.post('/par', signing.plainRequest());
    expectError(answer, 400, 'invalid_request');
  },
  [`${fapi}par-plain-pkce-rejected`]: async ({ signing }) => {
    for (const code_challenge_method of ['plain', undefined]) {
      const own = { code_challenge: signing.verifier, code_challenge_method };
      expectError(await signing.post('/par', signing.request(own)), 400, 'invalid_request');
    }
  },

  [`${fapi}ensure-different-nonce-inside-and-outside-request-object / ensure-different-state-inside-and-outside-request-object`]:
    async (suite) => {
      const { signing } = suite;
      const request_uri = await signing.push(signing.request({ state: 'in', nonce: 'in' }));
      const outside = { client_id: signing.id, request_uri, state: 'out', nonce: 'out' };
      const { state, code = '' } = await signing.authorize(outside);
      expect(state).toBe('in');
      const { json } = await signing.redeem(code);
      expect((await expectIdToken(suite, signing, json, 'ES256'))['nonce']).toBe('in');
    },

  [`${fapi}state-only-outside-request-object-not-used`]: async ({ signing }) => {
    const request_uri = await signing.push(signing.request({ state: undefined }));
    const sent = await signing.authorize({ client_id: signing.id, request_uri, state: 'out' });
    expect(Object.keys(sent).sort()).toEqual(['code', 'iss']);
  },
};

/** Follows a pushed request to its end. */
export async function open(client: SuiteClient, requestUri: string, user = suiteUser().user) {
  const url = client.authorizationUrl({ client_id: client.id, request_uri: requestUri });
  return sentIn(await user.authorize(url, suiteRedirectUri));
}

async function nonceOf(suite: Suite, nonce: string | undefined): Promise<unknown> {
  const { signing } = suite;
  const { code = '' } = await open(signing, await signing.push(signing.request({ nonce })));
  const { json } = await signing.redeem(code);
  return (await expectIdToken(suite, signing, json, 'ES256'))['nonce'];
}

async function expectRegisteredOnly({ signing }: Suite): Promise<void> {
  const redirect_uri = 'https://client.example/unregistered';
  const answer = await signing.post('/par', signing.request({ redirect_uri }));
  expectError(answer, 400, 'invalid_request');
}

async function expectOnlyCode(client: SuiteClient, response_type: string): Promise<void> {
  const answer = await client.post('/par', client.request({ response_type }));
  expectError(answer, 400, 'unsupported_response_type');
  const redirected = await client.ask(client.request({ response_type }));
  expect(toldToClient(redirected)['error']).toBe('unsupported_response_type');
}
