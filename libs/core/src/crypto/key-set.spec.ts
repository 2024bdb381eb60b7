import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { parseKeySet } from './parse-key-set.js';
import type { KeySet } from './key-set.js';

type Made = Record<'ec' | 'ecOther' | 'p384' | 'ed' | 'rsa', JWK>;
let jwks: Made;
let privateJwk: JWK;

async function makeJwk(alg: string, options = {}): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true, ...options });
  return exportJWK(publicKey);
}

beforeAll(async () => {
  jwks = {
    ec: await makeJwk('ES256'),
    ecOther: await makeJwk('ES256'),
    p384: await makeJwk('ES384'),
    ed: await makeJwk('EdDSA', { crv: 'Ed25519' }),
    rsa: await makeJwk('RS256'),
  };
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  privateJwk = await exportJWK(privateKey);
});

async function keySet(...keys: unknown[]): Promise<KeySet> {
  const parsed = await parseKeySet({ keys });
  if (!parsed.ok) throw new Error(parsed.failure);
  return parsed.value.keys;
}

describe('parseKeySet (RFC 7517 §5)', () => {
  it('OIDC-14 takes every key that can verify and names what it left out', async () => {
    const parsed = await parseKeySet({
      keys: [
        { ...jwks.ec, kid: 'a' },
        { ...jwks.rsa, kid: 'b', use: 'enc' },
        { kty: 'AKP', kid: 'c', pub: 'AA' },
        { ...jwks.p384, kid: 'd', crv: 'P-256' },
        { ...jwks.ed, kid: 'e', x5c: ['ignored'], unknown: 1 },
        'no key',
      ],
      other: 'member',
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        keys: { keys: [{ jwk: { kid: 'a' } }, { jwk: { kid: 'e' } }] },
        unusable: [
          { index: 1, problem: 'use' },
          { index: 2, problem: 'key type' },
          { index: 3, problem: 'coordinate' },
          { index: 5, problem: 'not an object' },
        ],
      },
    });
  });

  it.each([
    ['nothing', undefined, 'not a key set'],
    ['null', null, 'not a key set'],
    ['an array', [], 'not a key set'],
    ['no keys member', {}, 'not a key set'],
    ['keys that are an object', { keys: {} }, 'not a key set'],
    ['no keys', { keys: [] }, 'no usable key'],
    ['only unknown keys', { keys: [{ kty: 'AKP' }] }, 'no usable key'],
    ['101 keys', { keys: Array.from({ length: 101 }, () => ({ kty: 'AKP' })) }, 'too many keys'],
  ])('THR-63 refuses %s', async (_what, document, failure) => {
    expect(await parseKeySet(document)).toEqual({ ok: false, failure });
  });

  it('THR-63 takes 100 keys', async () => {
    const keys = Array.from({ length: 99 }, () => ({ kty: 'AKP' }));
    expect(await parseKeySet({ keys: [...keys, jwks.ec] })).toMatchObject({ ok: true });
  });

  it.each<[string, () => unknown[]]>([
    ['a private key', () => [privateJwk]],
    ['a private key beside a public one', () => [jwks.ec, privateJwk]],
    ['a symmetric key beside a public one', () => [jwks.ec, { kty: 'oct', k: 'AAAA' }]],
    ['a symmetric key without its value', () => [jwks.ec, { kty: 'oct' }]],
    ['a public key with a stray private member', () => [{ ...jwks.rsa, d: null }]],
  ])('THR-63 refuses a set with %s', async (_what, keys) => {
    const failure = 'private or symmetric key';
    expect(await parseKeySet({ keys: keys() })).toEqual({ ok: false, failure });
  });

  it('THR-11 refuses a set in which two usable keys have one kid', async () => {
    const keys = [
      { ...jwks.ec, kid: 'a' },
      { ...jwks.rsa, kid: 'a' },
    ];
    expect(await parseKeySet({ keys })).toEqual({ ok: false, failure: 'duplicate kid' });
  });

  it('THR-11 takes a kid that a key for encryption has, too', async () => {
    const keys = [
      { ...jwks.ec, kid: 'a' },
      { ...jwks.rsa, kid: 'a', use: 'enc' },
    ];
    expect(await parseKeySet({ keys })).toMatchObject({ ok: true });
  });
});

describe('KeySet', () => {
  it('OIDC-14 finds the key that kid names', async () => {
    const keys = await keySet({ ...jwks.ec, kid: 'a' }, { ...jwks.ecOther, kid: 'b' });
    const found = keys.find({ algorithm: 'ES256', kid: 'b' });
    expect(found).toMatchObject({ ok: true, value: { jwk: { kid: 'b', x: jwks.ecOther.x } } });
  });

  it('OIDC-14 finds the only key that fits where there is no kid', async () => {
    const keys = await keySet(jwks.ec, jwks.p384, { ...jwks.rsa, alg: 'RS256' });
    const crv = 'P-384';
    const found = keys.find({ algorithm: 'ES384', kid: undefined });
    expect(found).toMatchObject({ ok: true, value: { jwk: { crv } } });
    const unknown = { ok: false, failure: 'unknown key' };
    expect(keys.find({ algorithm: 'PS256', kid: undefined })).toEqual(unknown);
  });

  it('OIDC-14 refuses several candidates without a kid, rather than trying all', async () => {
    const keys = await keySet({ ...jwks.ec, kid: 'a' }, { ...jwks.ecOther, kid: 'b' });
    const failure = 'ambiguous key';
    expect(keys.find({ algorithm: 'ES256', kid: undefined })).toEqual({ ok: false, failure });
  });

  it.each([
    ['another kid', 'ES256', 'b'],
    ['another letter case', 'ES256', 'A'],
    ['an algorithm of another type', 'RS256', 'a'],
    ['an algorithm of another curve', 'ES384', 'a'],
    ['an inherited property', 'ES256', 'constructor'],
    ['a prototype', 'ES256', '__proto__'],
    ['a path', 'ES256', '../a'],
    ['an empty kid', 'ES256', ''],
  ] as const)('THR-11 finds nothing for %s', async (_what, algorithm, kid) => {
    const keys = await keySet({ ...jwks.ec, kid: 'a' }, jwks.ed);
    expect(keys.find({ algorithm, kid })).toEqual({ ok: false, failure: 'unknown key' });
  });

  it('THR-11 keeps a key named __proto__ apart from the prototype', async () => {
    const keys = await keySet({ ...jwks.ec, kid: '__proto__' });
    expect(keys.find({ algorithm: 'ES256', kid: '__proto__' })).toMatchObject({ ok: true });
    expect(keys.find({ algorithm: 'ES256', kid: 'toString' })).toMatchObject({ ok: false });
  });

  it('RS-13 does not use a key for an algorithm that is not its own', async () => {
    const keys = await keySet({ ...jwks.rsa, kid: 'a', alg: 'PS256' });
    const failure = 'unknown key';
    expect(keys.find({ algorithm: 'RS256', kid: 'a' })).toEqual({ ok: false, failure });
    expect(keys.find({ algorithm: 'PS256', kid: 'a' })).toMatchObject({ ok: true });
  });

  it('RS-13 knows an equal key of another parse, and not one of another name or value', async () => {
    const [key] = (await keySet({ ...jwks.ec, kid: 'a' })).keys;
    if (key === undefined) throw new Error('no key');
    expect((await keySet({ ...jwks.ec, kid: 'a' }, jwks.ed)).has(key)).toBe(true);
    expect((await keySet({ ...jwks.ec, kid: 'b' })).has(key)).toBe(false);
    expect((await keySet(jwks.ec)).has(key)).toBe(false);
    expect((await keySet({ ...jwks.ecOther, kid: 'a' })).has(key)).toBe(false);
  });
});
