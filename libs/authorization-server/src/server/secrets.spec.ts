import { describe, expect, it } from '@jest/globals';
import { freshName, freshSecret, randomBase64url } from './secrets.js';

describe('secrets', () => {
  it('THR-85 AS-17 are 256 random bits each, however many are asked for', () => {
    const secrets = Array.from({ length: 2_000 }, () => freshSecret('code'));
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const secret of secrets) expect(secret).toMatch(/^code_[\w-]{43}$/);
  });

  it('THR-85 have as many ones as zeros', () => {
    let ones = 0;
    const count = 4_000;
    for (let each = 0; each < count; each += 1) {
      for (const octet of Buffer.from(randomBase64url(32), 'base64url')) {
        for (let bit = 0; bit < 8; bit += 1) ones += (octet >> bit) & 1;
      }
    }
    const bits = count * 256;
    // Six standard deviations: chance alone fails it once in 500 million runs.
    expect(Math.abs(ones - bits / 2)).toBeLessThan((6 * Math.sqrt(bits)) / 2);
  });

  it('THR-85 share no octets with one another, of whatever length', () => {
    const parts = Array.from({ length: 3_000 }, (_, at) => randomBase64url(16 + (at % 48)));
    const heads = parts.map((part) => part.slice(0, 20));
    expect(new Set(heads).size).toBe(parts.length);
    expect(() => randomBase64url(65)).toThrow(RangeError);
  });

  it('AS-124 says in a name what it is of', () => {
    expect(freshName('client')).toMatch(/^client_[0-9a-f-]{36}$/);
  });
});
