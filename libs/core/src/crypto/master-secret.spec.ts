import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../errors/faults.js';
import { deriveSecret } from './master-secret.js';

const secret = 'kq3Vt7Rz0yXw9LmN2bPs5HdG8jFcAeUi';

/** RFC 5869 §2 by hand, for one block of output. */
function hkdf(input: string, info: string): string {
  const hmac = (key: Uint8Array, data: string) => createHmac('sha256', key).update(data).digest();
  return hmac(hmac(new Uint8Array(32), input), `${info}\u0001`).toString('base64url');
}

describe('deriveSecret', () => {
  it('is HKDF-SHA-256 of the secret and the purpose (RFC 5869), the same on all instances', () => {
    expect(deriveSecret(secret, 'nonces')).toBe(hkdf(secret, 'keybound secret: nonces'));
    expect(deriveSecret(secret, 'nonces')).toMatch(/^[\w-]{43}$/);
  });

  it('makes another secret for another purpose, and of another secret', () => {
    const all = [
      deriveSecret(secret, 'nonces'),
      deriveSecret(secret, 'nonces '),
      deriveSecret(`${secret}!`, 'nonces'),
    ];
    expect(new Set(all).size).toBe(3);
  });

  it.each([
    ['none', ''],
    ['one of 31 characters', secret.slice(1)],
    ['one character, many times', 'n'.repeat(64)],
    ['a word, many times', 'changeme'.repeat(8)],
  ])('THR-84 refuses %s, says what to do, and does not repeat it', (_what, weak) => {
    const derive = () => deriveSecret(weak, 'nonces');
    expect(derive).toThrow(ConfigurationError);
    expect(derive).toThrow(/^A secret needs at least 32 random characters; make it by: openssl/);
    if (weak !== '') expect(derive).not.toThrow(weak);
  });

  it('THR-84 takes 32 characters, hexadecimal digits among them', () => {
    expect(() => deriveSecret('0123456789abcdef0123456789abcdef', 'nonces')).not.toThrow();
  });
});
