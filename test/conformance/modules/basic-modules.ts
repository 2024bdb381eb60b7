import { expect } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { textIn } from '@keybound/testing';
import { bySecretInForm } from '../../support/client-credentials.js';
import { suiteUser } from '../../support/suite-user.js';
import { toldToClient, type Parameters } from '../../support/suite-client.js';
import { onTheWire } from '../../support/wire-answer.js';
import { expectError, expectIdToken, expectPage, userInfo } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

/** Modules in which a request differs a little from the ordinary one. */
export const basicModules: Modules = {
  'oidcc-server': async (suite) => {
    const { first, app } = suite;
    const sent = await first.authorize(first.plainRequest({ scope: 'openid profile' }));
    expect(sent).toEqual({ code: expect.any(String), state: 'state-1', iss: app.issuer });
    const answer = await first.redeem(sent['code'] ?? '', { code_verifier: undefined });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const claims = await expectIdToken(suite, first, answer.json);
    expect(claims['nonce']).toBe('nonce-1');
    const { json } = await userInfo(suite, answer.json);
    expect(json).toMatchObject({ sub: claims.sub, name: 'Alice Liddell' });
  },

  'oidcc-server-client-secret-post': async (suite) => {
    const { posting } = suite;
    await expectIdToken(suite, posting, await posting.tokens(posting.plainRequest()));
    const wrong = posting.with({ authentication: bySecretInForm(posting.id, 'wrong') });
    expectError(await wrong.redeem(await posting.code()), 401, 'invalid_client');
  },

  'oidcc-response-type-missing': async ({ first, app }) => {
    const answer = await first.ask(first.plainRequest({ response_type: undefined }));
    const { issuer: iss } = app;
    expect(toldToClient(answer)).toEqual({ error: 'invalid_request', state: 'state-1', iss });
  },

  'oidcc-idtoken-signature': async (suite) => {
    const { first } = suite;
    const tokens = await first.tokens(first.plainRequest());
    expect(decodeProtectedHeader(textIn(tokens, 'id_token')).alg).toBe('RS256');
    await expectIdToken(suite, first, tokens, 'RS256');
  },

  'oidcc-idtoken-unsigned': async (suite) => {
    expect(suite.metadata['id_token_signing_alg_values_supported']).not.toContain('none');
    const answer = await suite.register({ id_token_signed_response_alg: 'none' });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_client_metadata']);
  },

  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': async (suite) => {
    const tokens = await suite.first.tokens(suite.first.plainRequest({ nonce: undefined }));
    expect(await expectIdToken(suite, suite.first, tokens)).not.toHaveProperty('nonce');
  },

  'oidcc-alternate-happy-flow': async (suite) => {
    const { first } = suite;
    const request = first.plainRequest({ scope: 'email profile openid' });
    const reversed = Object.fromEntries(Object.entries(request).reverse());
    const tokens = await first.tokens(reversed);
    const { json } = await userInfo(suite, tokens);
    expect(json).toMatchObject({ name: 'Alice Liddell', email: 'alice@example.com' });
  },

  'oidcc-display-page / display-popup': async (suite) => {
    for (const display of ['page', 'popup']) await expectIgnored(suite, { display });
  },

  'oidcc-login-hint / ui-locales / claims-locales': async (suite) => {
    await expectIgnored(suite, { login_hint: 'bob' });
    await expectIgnored(suite, { ui_locales: 'se de xx-YY' });
    await expectIgnored(suite, { claims_locales: 'se' });
  },

  'oidcc-ensure-request-with-unknown-parameter-succeeds': (suite) =>
    expectIgnored(suite, { extra: 'foobar' }),

  'oidcc-ensure-request-with-acr-values-succeeds': (suite) =>
    expectIgnored(suite, { acr_values: 'urn:example:1 urn:example:2' }),

  'oidcc-ensure-request-with-valid-pkce-succeeds': async (suite) => {
    const { first } = suite;
    await expectIdToken(suite, first, await first.tokens(first.request()));
    const another = { code_verifier: 'x'.repeat(43) };
    expectError(await first.redeem(await first.code(), another), 400, 'invalid_grant');
  },

  'oidcc-ensure-post-request-succeeds': async ({ first, app }) => {
    const form = new URLSearchParams(first.plainRequest() as Record<string, string>);
    const asked = await onTheWire(`${app.issuer}/authorize`, { method: 'POST', body: form });
    expect(asked.status).toBe(303);
    expect(asked.headers.get('location')).toContain(`${app.issuer}/login/`);
    const put = await onTheWire(`${app.issuer}/authorize`, { method: 'PUT', body: form });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
  },

  'oidcc-ensure-registered-redirect-uri': async ({ first }) => {
    for (const redirect_uri of ['https://client.example/other', 'https://evil.example/cb']) {
      expectPage(await first.ask(first.plainRequest({ redirect_uri })), 'invalid_request');
    }
  },

  'oidcc-ensure-redirect-uri-in-authorization-request': async ({ first }) => {
    const answer = await first.ask(first.plainRequest({ redirect_uri: undefined }));
    expectPage(answer, 'invalid_request');
  },

  'oidcc-claims-essential': async (suite) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { json } = await userInfo(
      suite,
      await suite.first.tokens(suite.first.request({ claims })),
    );
    expect(Object.keys(json).sort()).toEqual(['name', 'sub']);
  },
};

/** A success, as though the parameter were not there. */
async function expectIgnored(suite: Suite, parameter: Parameters): Promise<void> {
  const { first } = suite;
  const { user } = suiteUser();
  const tokens = await first.tokens(first.plainRequest(parameter), user);
  const { sub } = await expectIdToken(suite, first, tokens);
  expect(sub).toBe('alice');
}
