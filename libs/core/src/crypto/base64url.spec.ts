import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64url, isCanonicalBase64url } from './base64url.js';

const encode = (octets: Uint8Array) => Buffer.from(octets).toString('base64url');

describe('decodeBase64url (RFC 7515 §2)', () => {
  it.each([
    ['', []],
    ['Zg', [102]],
    ['Zm8', [102, 111]],
    ['Zm9v', [102, 111, 111]],
    ['AxTs4P_5', [3, 20, 236, 224, 255, 249]],
  ])('decodes %j', (text, octets) => {
    expect([...(decodeBase64url(text) ?? [])]).toEqual(octets);
  });

  it('gives back any octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect(Buffer.from(decodeBase64url(encode(octets)) ?? [1])).toEqual(Buffer.from(octets));
      }),
      { seed: 20_261_122 },
    );
  });

  it.each([
    'Zg==',
    'Zm8=',
    'Zm9v=',
    'Z',
    'Zm9vZ',
    ' Zm9v',
    'Zm9v\n',
    'Zm\t9v',
    'Zm+v',
    'Zm/v',
    'Zm9v\0',
    'Zmé',
    '𝟘AAA',
  ])('THR-05 refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it('THR-05 takes exactly one spelling of every one and two octets', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const head of ['Z', 'Zm']) {
      const taken = Array.from(alphabet).filter((last) => isCanonicalBase64url(head + last));
      const canonical = Array.from(alphabet).filter(
        (last) => encode(Buffer.from(head + last, 'base64url')) === head + last,
      );
      expect(taken).toEqual(canonical);
    }
  });
});
