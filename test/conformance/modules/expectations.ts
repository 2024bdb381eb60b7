import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import { textIn } from '@keybound/testing';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { SuiteClient } from '../../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../../support/wire-answer.js';
import type { Suite } from './suite.js';

/** What the module accepts in place of a success: a page for the user, and no redirect. */
export function expectPage(answer: WireAnswer, error: string): void {
  expect(answer.status).toBe(400);
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.body).toContain(`<code>${error}</code>`);
}

export function expectError(answer: WireAnswer, status: number, error: string): void {
  expect([answer.status, answer.json]).toEqual([status, { error }]);
}

export async function keySet({ metadata }: Suite): Promise<JSONWebKeySet> {
  const { json } = await onTheWire(textIn(metadata, 'jwks_uri'));
  return json as unknown as JSONWebKeySet;
}

/** An ID token whose signature and claims are as the client asked. @returns Its claims. */
export async function expectIdToken(
  suite: Suite,
  client: SuiteClient,
  tokens: JsonObject,
  algorithm: 'RS256' | 'ES256' = 'RS256',
): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(
    textIn(tokens, 'id_token'),
    createLocalJWKSet(await keySet(suite)),
    {
      issuer: suite.app.issuer,
      audience: client.id,
      algorithms: [algorithm],
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: new Date(suite.clock.now() * 1_000),
    },
  );
  expect(protectedHeader.kid).toEqual(expect.any(String));
  expect(payload.aud).toBe(client.id);
  expect(payload).not.toHaveProperty('azp');
  const digest = createHash('sha256').update(textIn(tokens, 'access_token')).digest();
  expect(payload['at_hash']).toBe(digest.subarray(0, 16).toString('base64url'));
  return payload;
}

/** What UserInfo says to the bearer of an unbound token. */
export function userInfo(suite: Suite, tokens: JsonObject): Promise<WireAnswer> {
  return onTheWire(textIn(suite.metadata, 'userinfo_endpoint'), {
    headers: { authorization: `Bearer ${textIn(tokens, 'access_token')}` },
  });
}
