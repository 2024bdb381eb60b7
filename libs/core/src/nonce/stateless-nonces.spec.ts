import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../errors/faults.js';
import { seconds } from '../time/clock.js';
import { statelessNonces } from './stateless-nonces.js';

const T0 = 1_800_000_000;
const lifetimeSeconds = 300;
const old = 'an old secret of thirty-two octets';
const current = 'a new secret of thirty-two octets';

const nonces = (options: { role?: string; identifier?: string; secrets?: string[] } = {}) =>
  statelessNonces({
    role: 'resource server',
    identifier: 'https://api.example.com',
    secrets: [current],
    lifetimeSeconds,
    ...options,
  });
const server = nonces();
const nonce = server.issue(seconds(T0));
const unknown = { state: 'unknown' };

describe('statelessNonces (RFC 9449 §8, §9)', () => {
  it('DPOP-32 knows a nonce that it issued, and says since and until when', () => {
    const verdict = server.check(nonce, seconds(T0));
    expect(verdict).toEqual({
      state: 'current',
      renew: false,
      since: T0 - 60,
      until: T0 + 301,
    });
  });

  it('DPOP-32 issues values that keep to the syntax and never repeat', () => {
    const issued = Array.from({ length: 1000 }, () => server.issue(seconds(T0)));
    for (const value of issued) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(issued).size).toBe(issued.length);
  });

  it.each([
    ['the last second of its life', T0 + 300, 'current'],
    ['the first second after it', T0 + 301, 'expired'],
    ['another clock 60 s behind', T0 - 60, 'current'],
    ['another clock 61 s behind', T0 - 61, 'unknown'],
  ])('DPOP-32 OPS-10 judges a nonce in %s', (_moment, now, state) => {
    expect(server.check(nonce, seconds(now))).toMatchObject({ state });
  });

  it.each([
    ['at half of its life', T0 + 150, false],
    ['past half of its life', T0 + 151, true],
    ['at its end', T0 + 300, true],
    ['from a clock ahead', T0 - 60, false],
  ])('DPOP-33 says whether to renew %s', (_moment, now, renew) => {
    expect(server.check(nonce, seconds(now))).toMatchObject({ renew });
  });

  it.each([
    ['the authorization server', { role: 'authorization server' }],
    ['another resource', { identifier: 'https://other.example.com' }],
    [
      'another split of role and identifier',
      { role: 'resource serverhttps://api.example.com', identifier: '' },
    ],
    ['another secret', { secrets: [old] }],
  ])('DPOP-34 does not know a nonce of %s', (_whose, options) => {
    const foreign = nonces(options).issue(seconds(T0));
    expect(nonces(options).check(foreign, seconds(T0))).toMatchObject({ state: 'current' });
    expect(server.check(foreign, seconds(T0))).toEqual(unknown);
  });

  it('OPS-10 knows a nonce of another instance', () => {
    expect(nonces().check(nonce, seconds(T0))).toMatchObject({ state: 'current' });
  });

  it('OPS-10 knows a nonce of the previous secret for its lifetime, and signs with the current', () => {
    const rotated = nonces({ secrets: [current, old] });
    const before = nonces({ secrets: [old] });
    const earlier = before.issue(seconds(T0));
    expect(rotated.check(earlier, seconds(T0 + 300))).toMatchObject({ state: 'current' });
    expect(rotated.check(earlier, seconds(T0 + 301))).toEqual({ state: 'expired' });
    expect(before.check(rotated.issue(seconds(T0)), seconds(T0))).toEqual(unknown);
    expect(server.check(earlier, seconds(T0))).toEqual(unknown);
  });

  it('OPS-10 knows it also where the key ids of both secrets are equal', () => {
    const keyId = (secret: string) =>
      Buffer.from(nonces({ secrets: [secret] }).issue(seconds(T0)), 'base64url').readUInt8(1);
    const twin = Array.from({ length: 10_000 }, (_, index) => `${String(index)} ${current}`).find(
      (secret) => keyId(secret) === keyId(old),
    );
    if (twin === undefined) throw new Error('no secret with the same key id');
    const earlier = nonces({ secrets: [old] }).issue(seconds(T0));
    const verdict = nonces({ secrets: [twin, old] }).check(earlier, seconds(T0));
    expect(verdict).toMatchObject({ state: 'current' });
  });

  it('THR-88 does not know a nonce of which any bit was changed', () => {
    const octets = Buffer.from(nonce, 'base64url');
    for (let bit = 0; bit < octets.length * 8; bit++) {
      const changed = Buffer.from(octets);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(server.check(changed.toString('base64url'), seconds(T0))).toEqual(unknown);
    }
  });

  it.each([
    ['nothing', ''],
    ['a part of one', nonce.slice(0, -1)],
    ['more than one', `${nonce}A`],
    ['padding', `${nonce}=`],
    ['a line break', `${nonce.slice(0, -1)}\n`],
    ['control characters', '\u0000\r\n'],
    ['characters outside ASCII', 'ü'.repeat(43)],
    ['something long', 'A'.repeat(100_000)],
    ['another version', `Ag${nonce.slice(2)}`],
  ])('THR-88 does not know %s', (_what, value) => {
    expect(server.check(value, seconds(T0))).toEqual(unknown);
  });

  it('THR-88 does not know the same octets spelt with slack bits', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(nonce.at(-1) ?? '');
    const slack = `${nonce.slice(0, -1)}${alphabet.charAt(last + 1)}`;
    expect(Buffer.from(slack, 'base64url')).toEqual(Buffer.from(nonce, 'base64url'));
    expect(server.check(slack, seconds(T0))).toEqual(unknown);
  });

  it('OPS-10 takes a secret of 32 octets and none of 31', () => {
    expect(() => nonces({ secrets: ['a'.repeat(32)] })).not.toThrow();
    expect(() => nonces({ secrets: ['ü'.repeat(16)] })).not.toThrow();
    expect(() => nonces({ secrets: ['a'.repeat(31)] })).toThrow(ConfigurationError);
    expect(() => nonces({ secrets: [current, 'short'] })).toThrow(ConfigurationError);
    expect(() => nonces({ secrets: [] })).toThrow(ConfigurationError);
  });
});
