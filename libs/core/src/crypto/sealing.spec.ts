import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../errors/faults.js';
import { sealingBy, type SealedPlace } from './sealing.js';

const secret = 'kq3Vt7Rz0yXw9LmN2bPs5HdG8jFcAeUi';
const other = 'OTzlNVgBUKHvPYJaCXDMISWQfEGRo146';
const place: SealedPlace = ['signing', 3];
const text = 'a private key, \u0000 and 🔑';
const sealing = sealingBy([secret], 'signing keys');

describe('sealingBy', () => {
  it('opens what it sealed', async () => {
    expect(await sealing.unseal(await sealing.seal(text, place), place)).toBe(text);
  });

  it('opens what an earlier version sealed', async () => {
    const sealed =
      'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoibDhBc3RzclR5b24xIiwicGxhY2UiOlsic2lnbmluZyIsM119..AqFEzWRSbpnReWtH.C3UJGGh0i_NpRwv07iD5Tv73y8RwPl5dbQ._90QZB5X7bCND9jbnnj87Q';
    expect(await sealing.unseal(sealed, place)).toBe(text);
  });

  it('THR-76 shows nothing of the text or the secret, and never the same twice', async () => {
    const [one, two] = [await sealing.seal(text, place), await sealing.seal(text, place)];
    expect(one).toMatch(/^[\x21-\x7e]+$/);
    expect(one).not.toBe(two);
    const readable = Buffer.from(one.split('.')[0] ?? '', 'base64url').toString();
    expect(JSON.parse(readable)).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.stringMatching(/^[\w-]{12}$/),
      place: ['signing', 3],
    });
    expect(one).not.toContain(Buffer.from(text).toString('base64url').slice(0, 12));
  });

  it('opens by a previous secret, and seals by the current one', async () => {
    const rotated = sealingBy([other, secret], 'signing keys');
    expect(await rotated.unseal(await sealing.seal(text, place), place)).toBe(text);
    const resealed = await rotated.seal(text, place);
    expect(await sealingBy([other], 'signing keys').unseal(resealed, place)).toBe(text);
    expect(rotated.isByCurrent(resealed)).toBe(true);
    expect(rotated.isByCurrent(await sealing.seal(text, place))).toBe(false);
    await expect(sealing.unseal(resealed, place)).rejects.toThrow(ConfigurationError);
  });

  it('THR-76 says what to change where the secret is another, without a word of it', async () => {
    const sealed = await sealing.seal(text, place);
    const opened = sealingBy([other], 'signing keys').unseal(sealed, place);
    await expect(opened).rejects.toThrow(ConfigurationError);
    await expect(opened).rejects.toThrow(
      'What is stored of signing keys is sealed by a secret that is not given; put the secret that sealed it behind the current one.',
    );
  });

  it('opens nothing that was sealed by the same secret for another purpose', async () => {
    const sealed = await sealingBy([secret], 'other keys').seal(text, place);
    await expect(sealing.unseal(sealed, place)).rejects.toThrow(ConfigurationError);
  });

  it.each<[string, SealedPlace]>([
    ['another record', ['api-encryption', 3]],
    ['an earlier version', ['signing', 2]],
    ['a record without versions', ['signing']],
  ])('opens nothing that was moved from %s', async (_what, from) => {
    const opened = sealing.unseal(await sealing.seal(text, from), place);
    await expect(opened).rejects.toThrow(ConfigurationError);
    await expect(opened).rejects.toThrow(/changed or moved/);
  });

  it('opens nothing in which anything was changed', async () => {
    const segments = (await sealing.seal(text, place)).split('.');
    const header = Buffer.from(segments[0] ?? '', 'base64url').toString();
    const elsewhere = Buffer.from(header.replace('signing', 'Signing')).toString('base64url');
    const flaws = [
      [elsewhere, ...segments.slice(1)],
      ...[2, 3, 4].map((at) => segments.map((each, index) => (index === at ? flip(each) : each))),
    ];
    for (const flaw of flaws) {
      const opened = sealing.unseal(flaw.join('.'), place);
      await expect(opened).rejects.toThrow(/changed or moved/);
    }
  });

  it.each([
    ['nothing', ''],
    ['what was never sealed', '{"keys":[]}'],
    ['an unprotected header', 'e30....'],
    [
      'what is for the holder of a public key',
      'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.a.a.a',
    ],
  ])('refuses %s', async (_what, sealed) => {
    await expect(sealing.unseal(sealed, place)).rejects.toThrow(ConfigurationError);
  });

  it('THR-84 does not start without a secret, or with a poor one', () => {
    expect(() => sealingBy([], 'signing keys')).toThrow('There is no secret to seal signing keys.');
    expect(() => sealingBy([secret, 'n'.repeat(64)], 'signing keys')).toThrow(/32 random/);
  });
});

function flip(segment: string): string {
  return (segment.startsWith('A') ? 'B' : 'A') + segment.slice(1);
}
