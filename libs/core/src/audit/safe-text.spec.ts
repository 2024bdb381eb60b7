import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessToken, dpopProof, signedRequest } from '@keybound/testing';
import { safeText } from './safe-text.js';

describe('safeText', () => {
  it('leaves harmless text alone', () => {
    expect(safeText('GET /orders?page=2')).toBe('GET /orders?page=2');
    expect(safeText('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')).toBe(
      '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    );
  });

  it('THR-76 takes out tokens and proofs, wherever they stand', async () => {
    const token = await accessToken();
    for (const secret of [token, await dpopProof({}, {}, token), await signedRequest(token)]) {
      for (const text of [
        secret,
        `Bearer ${secret}`,
        `?access_token=${secret}&a=b`,
        `"${secret}"`,
        secret.slice(0, 60),
      ]) {
        const safe = safeText(text);
        expect(safe).toContain('[redacted]');
        for (const part of secret.split('.')) expect(safe).not.toContain(part.slice(0, 24));
      }
    }
  });

  it('THR-76 takes out long opaque values and PEM', () => {
    for (const opaque of [
      'a'.repeat(64),
      `${'A'.repeat(63)}/=`,
      'deadBEEF'.repeat(10),
      'x~y-z_'.repeat(12),
    ]) {
      expect(safeText(`code ${opaque} end`)).toBe('code [redacted] end');
    }
  });

  it('THR-37 THR-76 keeps a log line one line of printable ASCII of bounded length', () => {
    expect(safeText('a\r\nINFO forged\u001b[31m\0é')).toBe('a??INFO forged?[31m??');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect(safeText(text)).toMatch(/^[ -~]{0,200}…?$/);
      }),
      { seed: 20_261_122 },
    );
  });

  it('THR-74 reads no more than 4,096 characters', () => {
    expect(safeText(' '.repeat(4_096) + 'x')).not.toContain('x');
    expect(safeText('.'.repeat(10_000_000))).toHaveLength(201);
  });
});
