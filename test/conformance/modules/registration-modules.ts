import { expect } from '@jest/globals';
import { clientKey, publicPart, textIn } from '@keybound/testing';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { suiteUser } from '../../support/suite-user.js';
import { onTheWire } from '../../support/wire-answer.js';
import { expectIdToken, expectPage, keySet, userInfo } from './expectations.js';
import type { Modules } from './module-table.js';
import type { Suite } from './suite.js';

const unbound = { dpop_bound_access_tokens: false };

/** Modules about metadata: the server's, and what clients register. */
export const registrationModules: Modules = {
  'oidcc-discovery-endpoint-verification': async (suite) => {
    const { app, metadata } = suite;
    expect(metadata).toMatchObject({
      issuer: app.issuer,
      authorization_endpoint: `${app.issuer}/authorize`,
      token_endpoint: `${app.issuer}/token`,
      userinfo_endpoint: `${app.issuer}/userinfo`,
      registration_endpoint: `${app.issuer}/register`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      scopes_supported: expect.arrayContaining(['openid']),
      subject_types_supported: expect.arrayContaining(['public']),
    });
    const { keys } = await keySet(suite);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(['RSA', 'EC']).toContain(key.kty);
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
        expect(key).not.toHaveProperty(member);
      }
    }
  },

  'oidcc-idtoken-rs256': async (suite) => {
    const client = await suite.registered({ ...unbound, id_token_signed_response_alg: 'RS256' });
    await expectIdToken(suite, client, await client.tokens(), 'RS256');
    const es256 = await suite.registered({ ...unbound, id_token_signed_response_alg: 'ES256' });
    await expectIdToken(suite, es256, await es256.tokens(), 'ES256');
  },

  'oidcc-userinfo-rs256': async (suite) => {
    const client = await suite.registered({ ...unbound, userinfo_signed_response_alg: 'RS256' });
    const answer = await userInfo(suite, await client.tokens());
    expect(answer.headers.get('content-type')).toBe('application/jwt');
    const { payload } = await jwtVerify(answer.body, createLocalJWKSet(await keySet(suite)), {
      issuer: suite.app.issuer,
      audience: client.id,
      algorithms: ['RS256'],
      currentDate: new Date(suite.clock.now() * 1_000),
    });
    expect(payload.sub).toBe('alice');
  },

  'oidcc-redirect-uri-query-OK': async (suite) => {
    const client = await suite.registered({ redirect_uris: ['https://client.example/cb?foo=bar'] });
    const redirect_uri = 'https://client.example/cb?foo=bar';
    const sent = await client.authorize(client.request({ redirect_uri }));
    expect(sent).toMatchObject({ foo: 'bar', code: expect.any(String), state: 'state-1' });
  },

  'oidcc-redirect-uri-query-mismatch / -query-added': async (suite) => {
    const cb = 'https://client.example/cb';
    const client = await suite.registered({ redirect_uris: [`${cb}?foo=bar`, `${cb}2`] });
    for (const redirect_uri of [`${cb}?foo=baz`, cb, `${cb}2?foo=bar`]) {
      expectPage(await client.ask(client.request({ redirect_uri })), 'invalid_request');
    }
  },

  'oidcc-redirect-uri-regfrag': async (suite) => {
    const answer = await suite.register({ redirect_uris: ['https://client.example/cb#foobar'] });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_redirect_uri']);
  },

  // No picture of a client's is shown (AS-24, AS-231): who borrows a logo would be believed, and
  // its host would learn who reads the page.
  'oidcc-registration-logo-uri / -policy-uri / -tos-uri': async (suite) => {
    const about = {
      client_name: 'Suite of tests',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/tos',
    };
    const client = await suite.registered({ ...unbound, ...about });
    const { user, pages } = suiteUser();
    await client.code(client.request(), user);
    const shown = pages.join('\n');
    expect(shown).toContain('Suite of tests');
    expect(shown).toContain(`href="${about.policy_uri}"`);
    expect(shown).toContain(`href="${about.tos_uri}"`);
    expect(shown).not.toContain(about.logo_uri);
  },

  'oidcc-registration-jwks-uri': async (suite) => {
    const keys = [{ ...publicPart(clientKey), kid: 'c-1', alg: 'ES256' }];
    const jwks_uri = suite.documents.publish('/jwks', { keys });
    const client = await suite.registered({ ...unbound, jwks_uri });
    expect(await client.tokens()).toHaveProperty('id_token');
    expect(suite.documents.fetched).toContain('/jwks');
  },

  'oidcc-registration-sector-uri / -sector-bad': async (suite) => {
    const listed = ['https://client.example/cb', 'https://client.example/cb2'];
    const good = suite.documents.publish('/sector', listed);
    expect((await suite.register({ sector_identifier_uri: good })).status).toBe(201);
    const bad = suite.documents.publish('/sector-bad', listed.slice(1));
    const answer = await suite.register({ sector_identifier_uri: bad });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_client_metadata']);
  },

  'oidcc-server-rotate-keys': async (suite) => {
    const before = await keySet(suite);
    const client = await suite.registered(unbound);
    const tokens = await client.tokens();
    await expectIdToken(suite, client, tokens);
    suite.clock.advance(86_400);
    expect(await suite.keys.rotate(suite.clock.now())).toBe(true);
    const after = await keySet(suite);
    const kids = (set: typeof before) => set.keys.map(({ kid }) => kid);
    expect(kids(after)).toEqual(expect.arrayContaining(kids(before)));
    expect(kids(after).length).toBeGreaterThan(kids(before).length);
    const jwks = await onTheWire(textIn(suite.metadata, 'jwks_uri'));
    expect(jwks.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    await expectNewSigner(suite, textIn(tokens, 'id_token'));
  },
};

/** What is signed from now on names another key than what was signed before. */
async function expectNewSigner(suite: Suite, old: string): Promise<void> {
  const client = await suite.registered(unbound);
  const token = textIn(await client.tokens(), 'id_token');
  expect(token.split('.')[0]).not.toBe(old.split('.')[0]);
  const currentDate = new Date((suite.clock.now() - 86_400) * 1_000);
  await jwtVerify(old, createLocalJWKSet(await keySet(suite)), { currentDate });
}
