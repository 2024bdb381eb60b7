import { beforeEach, describe, expect, it } from '@jest/globals';
import { accept, seconds, UpstreamError, type JsonObject } from '@keybound/core';
import { jkt, scene, T0 } from '@keybound/testing';
import { IntrospectedAccessTokens } from './introspected-access-tokens.js';

const active: JsonObject = {
  active: true,
  iss: scene.issuer,
  aud: scene.resource,
  sub: scene.subject,
  client_id: scene.clientId,
  scope: 'orders:read orders:write',
  exp: T0 + 600,
  token_type: 'DPoP',
  cnf: { jkt },
};

let asked: string[];
beforeEach(() => {
  asked = [];
});

function verifierOf(answer: JsonObject | UpstreamError, cacheSeconds = 0) {
  return new IntrospectedAccessTokens({
    issuer: scene.issuer,
    introspection: {
      introspect: (token) => {
        asked.push(token);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(accept(answer));
      },
    },
    audiences: [scene.resource],
    leewaySeconds: 30,
    cacheSeconds,
  });
}

function verify(answer: JsonObject) {
  return verifierOf(answer).verify('at_1', 'hash-1', T0);
}

describe('IntrospectedAccessTokens', () => {
  it('RS-22 RS-15 takes an active token, bound as the response says', async () => {
    const verified = await verify(active);
    expect(verified).toMatchObject({
      ok: true,
      value: {
        issuer: scene.issuer,
        subject: scene.subject,
        clientId: scene.clientId,
        expiresAt: T0 + 600,
        cnf: { ok: true, value: { jkt } },
      },
    });
    expect(verified.ok && [...verified.value.scopes]).toEqual(['orders:read', 'orders:write']);
  });

  it('RS-22 takes a response without iss, and the client for a missing subject', async () => {
    const verified = await verify({ ...active, iss: undefined, sub: undefined });
    expect(verified).toMatchObject({
      ok: true,
      value: { issuer: scene.issuer, subject: scene.clientId },
    });
  });

  it.each<[string, string, string, JsonObject]>([
    ['RS-22', 'token.inactive', 'an inactive token', { active: false }],
    ['RS-22', 'token.inactive', 'active as text', { ...active, active: 'true' }],
    ['RS-22', 'token.inactive', 'active as a number', { ...active, active: 1 }],
    ['RS-22', 'token.inactive', 'no active', { ...active, active: undefined }],
    ['RS-11', 'token.issuer', 'another issuer', { ...active, iss: `${scene.issuer}/` }],
    ['RS-12', 'token.audience', 'another audience', { ...active, aud: ['https://other.example'] }],
    ['RS-12', 'token.claims', 'no audience', { ...active, aud: undefined }],
    ['RS-14', 'token.claims', 'no exp', { ...active, exp: undefined }],
    ['RS-14', 'token.claims', 'exp as text', { ...active, exp: '1800000600' }],
    ['RS-14', 'token.claims', 'nobody', { ...active, sub: undefined, client_id: undefined }],
    ['RS-14', 'token.expired', 'an expired token', { ...active, exp: T0 - 30 }],
    ['RS-14', 'token.not_yet_valid', 'a token of tomorrow', { ...active, nbf: T0 + 31 }],
    ['CNF-15', 'token.claims', 'a DPoP token without cnf', { ...active, cnf: undefined }],
    [
      'CNF-15',
      'token.claims',
      'a pop token without cnf',
      { ...active, token_type: 'PoP', cnf: undefined },
    ],
  ])('%s refuses with %s %s', async (requirement, code, _what, answer) => {
    expect(await verify(answer)).toMatchObject({
      ok: false,
      failure: { requirement, code, error: 'invalid_token' },
    });
  });

  it('RS-14 takes a token at the last second of the leeway', async () => {
    expect((await verify({ ...active, exp: T0 - 29 })).ok).toBe(true);
  });

  it('RS-22 THR-66 lets an issuer that cannot answer be an outage, not an invalid token', async () => {
    const verifier = verifierOf(new UpstreamError('down'));
    await expect(verifier.verify('at_1', 'hash-1', T0)).rejects.toThrow(UpstreamError);
  });

  it('THR-13 asks nobody about a token that is too long', async () => {
    const outcome = await verifierOf(active).verify('a'.repeat(8_193), 'hash-1', T0);
    expect(outcome).toMatchObject({ ok: false, failure: { requirement: 'THR-13' } });
    expect(asked).toEqual([]);
  });

  it('RS-22 asks with every request unless told otherwise', async () => {
    const verifier = verifierOf(active);
    await verifier.verify('at_1', 'hash-1', T0);
    await verifier.verify('at_1', 'hash-1', T0);
    expect(asked).toEqual(['at_1', 'at_1']);
  });

  it('AS-147 RS-22 believes an answer for so many seconds and no longer', async () => {
    const verifier = verifierOf(active, 60);
    await verifier.verify('at_1', 'hash-1', T0);
    await verifier.verify('at_1', 'hash-1', seconds(T0 + 59));
    expect(asked).toHaveLength(1);
    await verifier.verify('at_1', 'hash-1', seconds(T0 + 60));
    expect(asked).toHaveLength(2);
  });

  it('AS-147 RS-22 believes no answer beyond the exp of the token', async () => {
    const verifier = verifierOf({ ...active, exp: T0 + 10 }, 60);
    await verifier.verify('at_1', 'hash-1', T0);
    await verifier.verify('at_1', 'hash-1', seconds(T0 + 9));
    expect(asked).toHaveLength(1);
    await verifier.verify('at_1', 'hash-1', seconds(T0 + 10));
    expect(asked).toHaveLength(2);
  });

  it('RS-22 keeps no refusal, and no answer for another token', async () => {
    const verifier = verifierOf({ active: false }, 60);
    await verifier.verify('at_1', 'hash-1', T0);
    await verifier.verify('at_1', 'hash-1', T0);
    const other = verifierOf(active, 60);
    await other.verify('at_1', 'hash-1', T0);
    await other.verify('at_2', 'hash-2', T0);
    expect(asked).toEqual(['at_1', 'at_1', 'at_1', 'at_2']);
  });

  it('THR-75 asks once for many who bring one token at once, where answers are kept', async () => {
    const verifier = verifierOf(active, 30);
    const many = () =>
      Promise.all(Array.from({ length: 25 }, () => verifier.verify('at_1', 'h-1', T0)));
    expect((await many()).every(({ ok }) => ok)).toBe(true);
    expect(asked).toHaveLength(1);
    const failing = verifierOf(new UpstreamError('away'), 30);
    for (const _ of [1, 2]) {
      await expect(failing.verify('at_2', 'h-2', T0)).rejects.toThrow(UpstreamError);
    }
    expect(asked).toEqual(['at_1', 'at_2', 'at_2']);
  });

  it('RS-22 THR-75 asks for each where no answer is kept: one may be revoked by now', async () => {
    const verifier = verifierOf(active);
    await Promise.all([1, 2, 3].map(() => verifier.verify('at_1', 'h-1', T0)));
    expect(asked).toHaveLength(3);
  });
});
