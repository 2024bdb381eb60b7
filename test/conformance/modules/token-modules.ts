import { expect } from '@jest/globals';
import { signCompactJws } from '@keybound/core';
import { claimsIn, clientKey, otherKey, publicPart, signerFor, textIn } from '@keybound/testing';
import { byAssertion } from '../../support/client-credentials.js';
import { toldToClient } from '../../support/suite-client.js';
import { onTheWire } from '../../support/wire-answer.js';
import { expectError, expectIdToken, expectPage, userInfo } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

/** Modules about codes, tokens and UserInfo. */
export const tokenModules: Modules = {
  'oidcc-userinfo-get': (suite) =>
    expectUserInfo(suite, ({ authorization }) => ({ headers: { authorization } })),

  'oidcc-userinfo-post-header': (suite) =>
    expectUserInfo(suite, ({ authorization }) => ({ method: 'POST', headers: { authorization } })),

  'oidcc-userinfo-post-body': (suite) =>
    expectUserInfo(suite, ({ token }) => ({
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
    })),

  'oidcc-scope-profile / -email / -address / -phone / -all': async (suite) => {
    const released = {
      profile: 'name',
      email: 'email',
      address: 'address',
      phone: 'phone_number',
    };
    for (const [scope, claim] of Object.entries(released)) {
      const others = Object.values(released).filter((name) => name !== claim);
      const { json, idToken } = await described(suite, `openid ${scope}`);
      expect(json).toHaveProperty(claim);
      for (const other of others) expect(json).not.toHaveProperty(other);
      expect(idToken).not.toHaveProperty(claim);
    }
    const { json } = await described(suite, 'openid profile email address phone');
    expect(Object.keys(json)).toEqual(expect.arrayContaining(Object.values(released)));
  },

  'oidcc-codereuse': (suite) => expectOneUse(suite, 0),
  'oidcc-codereuse-30seconds': (suite) => expectOneUse(suite, 30),

  'oidcc-refresh-token': async (suite) => {
    const { first, second } = suite;
    const request = { scope: 'openid offline_access', prompt: 'consent', max_age: '15000' };
    const tokens = await first.tokens(first.plainRequest(request));
    const before = await expectIdToken(suite, first, tokens);
    suite.clock.advance(1);
    const refreshToken = textIn(tokens, 'refresh_token');
    expectError(await second.refresh(refreshToken), 400, 'invalid_grant');
    const refreshed = await first.refresh(refreshToken);
    expect(refreshed.status).toBe(200);
    expect(refreshed.json['access_token']).not.toBe(tokens['access_token']);
    const after = await expectIdToken(suite, first, refreshed.json);
    expect(after).toMatchObject({ sub: before.sub, auth_time: before['auth_time'] });
    expect(after.iat).toBe(Number(before.iat) + 1);
    expect(after).not.toHaveProperty('nonce');
  },

  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': (suite) =>
    expectNoForeignUri(suite, '/unsigned'),
  'oidcc-request-uri-unsigned': (suite) => expectNoForeignUri(suite, '/unsigned'),
  'oidcc-request-uri-signed-rs256': (suite) => expectNoForeignUri(suite, '/signed'),

  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': async (suite) => {
    const { first, metadata } = suite;
    expect(metadata['request_object_signing_alg_values_supported']).not.toContain('none');
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const request = `${encode({ alg: 'none' })}.${encode(first.plainRequest())}.`;
    const answer = await first.ask(first.plainRequest({ request }));
    expect(toldToClient(answer)).toMatchObject({ error: 'invalid_request_object' });
  },

  'oidcc-ensure-request-object-with-redirect-uri': async (suite) => {
    const { app, clock } = suite;
    const client = await suite.registered({ request_object_signing_alg: 'ES256' });
    const now = clock.now();
    const inside = client.request({ state: 'inside' });
    const times = { iss: client.id, aud: app.issuer, iat: now, exp: now + 60 };
    const request = await signCompactJws(
      { typ: 'oauth-authz-req+jwt' },
      { ...inside, ...times },
      await signerFor(clientKey),
    );
    const outside = { redirect_uri: 'https://client.example/cb2', state: 'outside' };
    const answer = await client.ask(client.request({ prompt: 'none', ...outside, request }));
    expect(answer.status).toBe(303);
    const location = answer.headers.get('location') ?? '';
    expect(location).toContain(`${app.issuer}/login/`);
    const sent = await client.authorize({
      ...client.request(outside),
      redirect_uri: undefined,
      request,
    });
    expect(sent).toMatchObject({ state: 'inside', code: expect.any(String) });
  },

  'oidcc-ensure-client-assertion-with-iss-aud-succeeds': async (suite) => {
    const { app, clock } = suite;
    const client = await suite.registered({ dpop_bound_access_tokens: false });
    expect(await client.tokens()).toHaveProperty('id_token');
    const now = () => clock.now();
    const own = { clientId: client.id, issuer: app.issuer, key: clientKey, now };
    const elsewhere = client.with({
      authentication: byAssertion({ ...own, issuer: 'https://other.example' }),
    });
    const code = await client.code();
    expectError(await elsewhere.redeem(code), 401, 'invalid_client');
  },

  'oidcc-refresh-token-rp-key-rotation': async (suite) => {
    const { app, clock, documents } = suite;
    const old = { ...publicPart(clientKey), kid: 'old', alg: 'ES256' };
    const uri = documents.publish('/rotated', { keys: [old] });
    const client = await suite.registered({ jwks_uri: uri, dpop_bound_access_tokens: false });
    const now = () => clock.now();
    const by = (kid: string, key = clientKey as typeof clientKey | typeof otherKey) =>
      client.with({
        authentication: byAssertion({
          clientId: client.id,
          issuer: app.issuer,
          key,
          now,
          header: { kid },
        }),
      });
    const request = client.request({ scope: 'openid offline_access', prompt: 'consent' });
    const code = await client.code(request);
    const tokens = await by('old').redeem(code);
    expect(tokens.status).toBe(200);
    documents.publish('/rotated', {
      keys: [{ ...publicPart(otherKey), kid: 'new', alg: 'ES256' }],
    });
    clock.advance(60);
    const refreshed = await by('new', otherKey).refresh(textIn(tokens.json, 'refresh_token'));
    expect(refreshed.status).toBe(200);
  },
};

async function expectUserInfo(
  suite: Suite,
  init: (sent: { readonly token: string; readonly authorization: string }) => RequestInit,
): Promise<void> {
  const { first, metadata } = suite;
  const tokens = await first.tokens(first.plainRequest({ scope: 'openid profile' }));
  const { sub } = await expectIdToken(suite, first, tokens);
  const token = textIn(tokens, 'access_token');
  const request = init({ token, authorization: `Bearer ${token}` });
  const answer = await onTheWire(textIn(metadata, 'userinfo_endpoint'), request);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ sub, name: 'Alice Liddell' });
}

async function described(suite: Suite, scope: string) {
  const tokens = await suite.first.tokens(suite.first.plainRequest({ scope }));
  const { json } = await userInfo(suite, tokens);
  return { json, idToken: claimsIn(tokens['id_token']) };
}

async function expectOneUse(suite: Suite, laterSeconds: number): Promise<void> {
  const { first } = suite;
  const code = await first.code();
  const once = await first.redeem(code);
  expect(once.status).toBe(200);
  expect((await userInfo(suite, once.json)).status).toBe(200);
  suite.clock.advance(laterSeconds);
  expectError(await first.redeem(code), 400, 'invalid_grant');
  expect((await userInfo(suite, once.json)).status).toBe(401);
}

/** Nothing that a client hosts is fetched: it is told so, and told beforehand. */
async function expectNoForeignUri(suite: Suite, path: string): Promise<void> {
  const { first, metadata, documents } = suite;
  expect(metadata['request_uri_parameter_supported']).toBe(false);
  const uri = documents.publish(path, {});
  const answer = await first.ask(first.plainRequest({ request_uri: uri }));
  expect(toldToClient(answer)).toMatchObject({ error: 'request_uri_not_supported' });
  expect(documents.fetched).not.toContain(path);
  const unknown = { request_uri: 'urn:ietf:params:oauth:request_uri:unknown' };
  expectPage(await first.ask(first.plainRequest(unknown)), 'invalid_request_uri');
}
