import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { clientKey, publicPart, thumbprint } from '@keybound/testing';
import { signatureAlgorithmNames } from './algorithms.js';
import { importVerificationKey } from './verification-key.js';

const ec = publicPart(clientKey);

describe('importVerificationKey', () => {
  it.each(signatureAlgorithmNames)('imports a key for %s', async (algorithm) => {
    const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
    expect(await importVerificationKey(await exportJWK(publicKey))).toMatchObject({ ok: true });
  });

  it('tells its thumbprint', async () => {
    const imported = await importVerificationKey({ ...ec, kid: 'any' });
    expect(imported).toMatchObject({ ok: true, value: { thumbprint: thumbprint(clientKey) } });
  });

  const none: readonly (readonly [string, object])[] = [
    ['off the curve', { ...ec, y: ec.x }],
    ['at the origin', { ...ec, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['beyond the field', { ...ec, x: `${'_'.repeat(42)}8` }],
    ['of P-384, off the curve', { kty: 'EC', crv: 'P-384', x: 'A'.repeat(64), y: 'A'.repeat(64) }],
    ['of P-521, off the curve', { kty: 'EC', crv: 'P-521', x: 'A'.repeat(88), y: 'A'.repeat(88) }],
  ];
  it.each(none)('THR-08 refuses a point %s, and lets no exception out', async (_name, jwk) => {
    expect(await importVerificationKey(jwk)).toEqual({ ok: false, failure: 'not a point' });
  });

  it('THR-16 passes on what the parser refused', async () => {
    expect(await importVerificationKey(undefined)).toEqual({ ok: false, failure: 'not an object' });
    expect(await importVerificationKey({ ...ec, x: [ec.x] })).toEqual({
      ok: false,
      failure: 'coordinate',
    });
  });
});
