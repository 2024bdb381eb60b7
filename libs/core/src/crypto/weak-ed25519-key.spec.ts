import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, exportJWK } from 'jose';
import { parsePublicJwk } from './public-jwk.js';
import { isOfLowOrder } from './weak-ed25519-key.js';

/** y coordinates, little-endian hex. Every point whose order divides 8 has one of them. */
const coordinates = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const encodings = coordinates.flatMap((hex) =>
  [0, 0x80].map((sign) => {
    const octets = Buffer.from(hex, 'hex');
    octets[31] = (octets[31] ?? 0) | sign;
    return octets.toString('base64url');
  }),
);

describe('isOfLowOrder', () => {
  it.each(encodings)('THR-08 refuses the Ed25519 key %s', (x) => {
    expect(isOfLowOrder(x)).toBe(true);
    expect(parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x })).toEqual({
      ok: false,
      failure: 'point of low order',
    });
  });

  it('takes generated keys', async () => {
    const { publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    expect(isOfLowOrder((await exportJWK(publicKey)).x ?? '')).toBe(false);
  });
});
