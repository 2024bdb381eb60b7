import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signCompactJws, type JsonObject, type Signer } from '@keybound/core';
import { claimsIn, clientKey, headerOf, signerFor, textIn, type Flaw } from '@keybound/testing';
import { onTheWire } from '../support/wire-answer.js';
import { startSuite, type Suite } from './modules/suite.js';

const paths = ['/api/whoami', '/userinfo'];

/** Tokens that the server signed, or might have, at both of its resources. RFC 9068 §4. */
describe('AS-121 tokens like those that the sample app issued', () => {
  let suite: Suite;
  let tokens: JsonObject;
  let header: JsonObject;
  let claims: JsonObject;
  let signer: Signer;

  beforeAll(async () => {
    suite = await startSuite();
    tokens = await suite.signing.tokens();
    header = headerOf(tokens['access_token']);
    claims = claimsIn(tokens['access_token']);
    ({ signer } = await suite.keys.current('ES256', suite.clock.now()));
  });
  afterAll(() => suite.close());

  /** A token like the good one, signed by the server's own key. */
  function like(flaw: Flaw, headerFlaw: Flaw = {}, by: Signer = signer): Promise<string> {
    return signCompactJws({ ...header, ...headerFlaw }, { ...claims, ...flaw }, by);
  }

  async function send(token: string, path: string) {
    const url = suite.app.issuer + path;
    const headers = await suite.signing.boundFields(token, 'GET', url);
    return onTheWire(url, { headers });
  }

  async function expectTaken(token: string): Promise<void> {
    for (const path of paths) {
      const answer = await send(token, path);
      expect([answer.status, answer.json['sub']]).toEqual([200, 'alice']);
    }
  }

  it('INV-6 takes the token that was issued, and its like', async () => {
    expect(header['typ']).toBe('at+jwt');
    await expectTaken(textIn(tokens, 'access_token'));
    await expectTaken(await like({}));
    await expectTaken(await like({ aud: [`${suite.app.issuer}/api`, suite.app.issuer] }));
  });

  const refused: readonly (readonly [string, () => Promise<string>])[] = [
    ['the ID token', async () => textIn(tokens, 'id_token')],
    ['an ID token with the claims of an access token', () => like({}, { typ: 'JWT' })],
    ['a token without typ', () => like({}, { typ: undefined })],
    ['a logout token', () => like({}, { typ: 'logout+jwt' })],
    ['an introspection answer', () => like({}, { typ: 'token-introspection+jwt' })],
    ['alg none', async () => `${unsigned(header)}.${(await like({})).split('.')[1] ?? ''}.`],
    ['a key of somebody else', async () => like({}, {}, await signerFor(clientKey))],
    ['another resource in aud', () => like({ aud: 'https://other.example' })],
    ['no aud', () => like({ aud: undefined })],
    ['another issuer', () => like({ iss: 'https://other.example' })],
    ['its issuer with a slash', () => like({ iss: `${suite.app.issuer}/` })],
    ['a token that expired', () => like({ exp: suite.clock.now() - 60 })],
    ['a token without an end', () => like({ exp: undefined })],
  ];

  it.each(refused)('is 401 invalid_token: %s', async (_name, token) => {
    const bad = await token();
    for (const path of paths) {
      const answer = await send(bad, path);
      expect([answer.status, answer.json]).toEqual([401, { error: 'invalid_token' }]);
      const challenges = answer.headers.get('www-authenticate') ?? '';
      expect(challenges).toMatch(/DPoP [^,]*error="invalid_token"/);
    }
    await expectTaken(textIn(tokens, 'access_token'));
  });
});

function unsigned(header: JsonObject): string {
  return Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url');
}
