import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOfRsaKey } from './weak-rsa-key.js';

const f4 = Uint8Array.of(1, 0, 1);
const generated = Buffer.from(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }).n ?? '',
  'base64url',
);

/** An odd number of that many bits, made from one that is no product of this kind of weakness. */
function modulusOf(bits: number): Uint8Array {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), generated);
  const spare = modulus.length * 8 - bits;
  modulus[0] = ((modulus[0] ?? 0) | 0x80) >>> spare;
  modulus[modulus.length - 1] = (modulus.at(-1) ?? 0) | 1;
  return modulus;
}

describe('weaknessOfRsaKey (RFC 8725 §3.5)', () => {
  it('finds none in a generated key', () => {
    expect(weaknessOfRsaKey(generated, f4)).toBeUndefined();
  });

  it('THR-07 takes 2048 to 8192 bits, to the bit', () => {
    const verdicts = [2047, 2048, 2049, 8191, 8192, 8193].map((bits) =>
      weaknessOfRsaKey(modulusOf(bits), f4),
    );
    expect(verdicts).toEqual(['RSA size', undefined, undefined, undefined, undefined, 'RSA size']);
  });

  const exponents: readonly (readonly [string, readonly number[], 'RSA exponent' | undefined])[] = [
    ['65537', [1, 0, 1], undefined],
    ['the greatest odd one of 32 bits', [255, 255, 255, 255], undefined],
    ['1', [1], 'RSA exponent'],
    ['3', [3], 'RSA exponent'],
    ['65535', [255, 255], 'RSA exponent'],
    ['65538', [1, 0, 2], 'RSA exponent'],
    ['2^32 + 1', [1, 0, 0, 0, 1], 'RSA exponent'],
    ['none', [], 'RSA exponent'],
  ];
  it.each(exponents)('THR-07 judges the exponent %s', (_name, octets, verdict) => {
    expect(weaknessOfRsaKey(generated, Uint8Array.from(octets))).toBe(verdict);
  });

  it('THR-07 refuses an even modulus', () => {
    const even = Uint8Array.from(generated);
    even[even.length - 1] = (even.at(-1) ?? 0) & 0xfe;
    expect(weaknessOfRsaKey(even, f4)).toBe('RSA member');
  });

  it('THR-07 refuses a modulus that is a power of 65537 modulo each small prime (CVE-2017-15361)', () => {
    const primorial = [
      3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
    ]
      .map(BigInt)
      .reduce((product, prime) => product * prime);
    let value = ((1n << 2047n) / primorial) * primorial + (65_537n ** 5n % primorial);
    while (value % 2n === 0n || value < 1n << 2047n) value += primorial;
    const modulus = Buffer.from(value.toString(16), 'hex');
    expect(weaknessOfRsaKey(modulus, f4)).toBe('RSA fingerprint of a known weakness');
  });
});
