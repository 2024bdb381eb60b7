import { describe, expect, it } from '@jest/globals';
import {
  seconds,
  signCompactJws,
  type JsonObject,
  type KeySource,
  type Seconds,
} from '@keybound/core';
import { SettableClock, T0 } from '@keybound/testing';
import { generatedSigningKeys } from './generated-signing-keys.js';
import type { SigningKeys } from './signing-keys.js';

const ahead = 900;
const retire = 3_900;

async function keysAt(clock: SettableClock) {
  const options = { publishAheadSeconds: ahead, retireAfterSeconds: retire };
  return generatedSigningKeys({ algorithms: ['ES256'], ...options, clock });
}

async function publishedKids(keys: SigningKeys, now: Seconds): Promise<readonly string[]> {
  return (await members(keys, now)).map(({ kid }) => kid as string);
}

async function members(keys: SigningKeys, now: Seconds): Promise<readonly JsonObject[]> {
  return (await keys.published(now))['keys'] as unknown as readonly JsonObject[];
}

async function finds(source: KeySource, kid: string): Promise<boolean> {
  return (await source.find({ algorithm: 'ES256', kid })).ok;
}

describe('generatedSigningKeys', () => {
  it('AS-206 OIDC-13 publishes public members only, with distinct kid, alg and use', async () => {
    const algorithms = ['ES256', 'ES384', 'Ed25519', 'RS256'] as const;
    const keys = await generatedSigningKeys({ algorithms: [...algorithms] });
    const published = await members(keys, T0);
    expect(published).toHaveLength(2 * algorithms.length);
    const allowed = new Set(['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use']);
    for (const jwk of published) {
      expect(Object.keys(jwk).filter((member) => !allowed.has(member))).toEqual([]);
      expect(jwk).toMatchObject({ use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) });
      expect(algorithms).toContain(jwk['alg']);
    }
    expect(new Set(published.map(({ kid }) => kid)).size).toBe(published.length);
  });

  it('OIDC-11 has an RS256 key unless told otherwise', async () => {
    expect((await generatedSigningKeys({})).algorithms).toEqual(['ES256', 'RS256']);
  });

  it('AS-207 publishes the next key, and does not sign with it', async () => {
    const keys = await keysAt(new SettableClock());
    const { kid } = await keys.current('ES256', T0);
    const published = await publishedKids(keys, T0);
    expect(published).toHaveLength(2);
    expect(published[0]).toBe(kid);
  });

  it('AS-207 promotes the key that was published as next', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    const [, next] = await publishedKids(keys, T0);
    clock.advance(ahead);
    expect(await keys.rotate(clock.now())).toBe(true);
    expect((await keys.current('ES256', clock.now())).kid).toBe(next);
  });

  it('AS-207 THR-64 keeps a next key that caches cannot know yet from signing', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    const before = await publishedKids(keys, T0);
    clock.advance(ahead - 1);
    expect(await keys.rotate(clock.now())).toBe(false);
    expect(await publishedKids(keys, clock.now())).toEqual(before);
    clock.advance(1);
    expect(await keys.rotate(clock.now())).toBe(true);
    expect(await keys.rotate(clock.now())).toBe(false);
  });

  it('AS-207 OIDC-13 publishes a retired key until what it signed has expired', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    const { kid } = await keys.current('ES256', T0);
    clock.advance(ahead);
    await keys.rotate(clock.now());
    clock.advance(retire - 1);
    expect(await publishedKids(keys, clock.now())).toContain(kid);
    expect(await finds(keys.source, kid)).toBe(true);
    clock.advance(1);
    expect(await publishedKids(keys, clock.now())).not.toContain(kid);
    expect(await finds(keys.source, kid)).toBe(false);
  });

  it('AS-207 THR-64 leaves no gap over three generations, not for one token', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    const signedBy: string[] = [];
    for (let generation = 0; generation < 3; generation += 1) {
      signedBy.push((await keys.current('ES256', clock.now())).kid);
      clock.advance(ahead);
      expect(await keys.rotate(clock.now())).toBe(true);
      signedBy.push((await keys.current('ES256', clock.now())).kid);
      for (const kid of signedBy) expect(await finds(keys.source, kid)).toBe(true);
    }
    expect(new Set(signedBy).size).toBe(4);
  });

  it('THR-64 rotates once where it is asked twice at once', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    clock.advance(ahead);
    await Promise.all([keys.rotate(clock.now()), keys.rotate(clock.now())]);
    expect(await publishedKids(keys, clock.now())).toHaveLength(3);
  });

  it('AS-207 tells those who kept a verdict when a retired key is gone', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    const { kid } = await keys.current('ES256', T0);
    const key = await keys.source.find({ algorithm: 'ES256', kid });
    if (!key.ok) throw new Error('no key');
    clock.advance(ahead);
    await keys.rotate(clock.now());
    expect(keys.source.has(key.value)).toBe(true);
    clock.advance(retire);
    expect(keys.source.has(key.value)).toBe(false);
  });

  it('AS-206 signs with the key that its kid names', async () => {
    const keys = await keysAt(new SettableClock());
    const { kid, signer } = await keys.current('ES256', T0);
    const [published] = await members(keys, T0);
    expect(await signCompactJws({ kid }, {}, signer)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}$/);
    expect(published).toMatchObject({ ...signer.publicJwk, kid });
  });

  it('AS-207 has no key for an algorithm that was not asked for', async () => {
    const keys = await keysAt(new SettableClock());
    await expect(keys.current('PS256', T0)).rejects.toThrow('no signing key for PS256');
  });

  it('AS-207 refuses to start with an algorithm twice, or without one', async () => {
    await expect(generatedSigningKeys({ algorithms: ['ES256', 'ES256'] })).rejects.toThrow('twice');
    await expect(generatedSigningKeys({ algorithms: [] })).rejects.toThrow('algorithms');
  });

  it('AS-207 judges what is published by the time it is asked about', async () => {
    const clock = new SettableClock();
    const keys = await keysAt(clock);
    clock.advance(ahead);
    await keys.rotate(clock.now());
    expect(await publishedKids(keys, seconds(clock.now() + retire))).toHaveLength(2);
  });
});
