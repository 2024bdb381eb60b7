import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import { claimsIn, clientKey, publicPart, signedRequest, textIn } from '@keybound/testing';
import type { Parameters } from '../support/suite-client.js';
import { onTheWire } from '../support/wire-answer.js';
import { startSuite, type Suite } from './modules/suite.js';

const pop = { token_type: 'pop', alg: 'ES256', key: JSON.stringify(publicPart(clientKey)) };

/** OpenID Connect Core §3.1.3.3: `Bearer`, but for clients that asked for something else. */
describe('OIDC-32 the type of a token', () => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await startSuite();
  });
  afterAll(() => suite.close());

  async function tokensFor(own: Parameters, client = suite.first): Promise<JsonObject> {
    const answer = await client.redeem(await client.code(), own);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expectHash(answer.json);
    return answer.json;
  }

  it('is Bearer for who asks for nothing else', async () => {
    const tokens = await tokensFor({});
    expect(tokens['token_type']).toBe('Bearer');
    expect(claimsIn(tokens['access_token'])).not.toHaveProperty('cnf');
  });

  it('is DPoP for who proves a key', async () => {
    const tokens = await tokensFor({}, suite.signing);
    expect(tokens['token_type']).toBe('DPoP');
    expect(claimsIn(tokens['access_token'])['cnf']).toEqual({ jkt: expect.any(String) });
  });

  it('is pop for who asks for it', async () => {
    const tokens = await tokensFor(pop);
    expect(tokens['token_type']).toBe('pop');
    expect(claimsIn(tokens['access_token'])['cnf']).toEqual({ jwk: publicPart(clientKey) });
    const host = new URL(suite.app.issuer).host;
    const token = textIn(tokens, 'access_token');
    const own = { ts: suite.clock.now(), u: host, p: '/api/whoami' };
    const shr = await signedRequest(token, own);
    const answer = await onTheWire(`${suite.app.issuer}/api/whoami`, {
      headers: { authorization: `PoP ${shr}` },
    });
    expect([answer.status, answer.json['sub']]).toEqual([200, 'alice']);
    expect(hashOf(shr)).not.toBe(claimsIn(tokens['id_token'])['at_hash']);
  });
});

/** `at_hash` is that of the access token as it was issued. */
function expectHash(tokens: JsonObject): void {
  const { at_hash: hash } = claimsIn(tokens['id_token']);
  expect(hash).toBe(hashOf(textIn(tokens, 'access_token')));
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
