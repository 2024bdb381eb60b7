import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { ConfigurationError } from '../errors/faults.js';
import { staticKeys } from './static-keys.js';

let publicJwk: JWK;
let privateJwk: JWK;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  publicJwk = await exportJWK(publicKey);
  privateJwk = await exportJWK(privateKey);
});

describe('staticKeys', () => {
  it('RS-13 finds the configured key, and no other', async () => {
    const keys = await staticKeys({ keys: [{ ...publicJwk, kid: 'a' }] });
    const found = await keys.find({ algorithm: 'ES256', kid: 'a' });
    if (!found.ok) throw new Error(found.failure);
    expect(found.value.jwk.kid).toBe('a');
    expect(keys.has(found.value)).toBe(true);
    const failure = 'unknown key';
    expect(await keys.find({ algorithm: 'ES256', kid: 'b' })).toEqual({ ok: false, failure });
  });

  it('OIDC-14 passes over a key for encryption', async () => {
    const jwks = { keys: [publicJwk, { ...publicJwk, use: 'enc' }] };
    const keys = await staticKeys(jwks);
    expect(await keys.find({ algorithm: 'ES256', kid: undefined })).toMatchObject({ ok: true });
  });

  it.each<[string, () => unknown, string]>([
    ['no set', () => undefined, 'not a key set'],
    ['an empty set', () => ({ keys: [] }), 'no usable key'],
    ['a private key', () => ({ keys: [privateJwk] }), 'private or symmetric key'],
    ['a symmetric key', () => ({ keys: [{ kty: 'oct', k: 'AA' }] }), 'private or symmetric key'],
    [
      'a kid twice',
      () => ({ keys: [1, 2].map(() => ({ ...publicJwk, kid: 'a' })) }),
      'duplicate kid',
    ],
    ['a broken key', () => ({ keys: [publicJwk, { ...publicJwk, x: 'AA' }] }), 'keys[1]'],
    ['an unknown key type', () => ({ keys: [publicJwk, { kty: 'AKP' }] }), 'keys[1]'],
  ])('THR-63 refuses to start with %s', async (_flaw, jwks, message) => {
    const refused = staticKeys(jwks());
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(message);
  });
});
