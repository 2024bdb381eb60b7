import { describe, expect, it } from '@jest/globals';
import {
  checkSignature,
  parseCompactJws,
  signCompactJws,
  staticKeys,
  type KeySource,
} from '@keybound/core';
import {
  answeringLate,
  currentKid,
  publishedKids,
  SettableClock,
  sharedKeys,
  storedGenerations,
  WatchedKeyStore,
} from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import type { SigningKeys } from './signing-keys.js';

const ahead = 900;
const retire = 3_900;
const refresh = 60;
const month = 2_592_000;

async function knows(source: KeySource, kid = ''): Promise<boolean> {
  return (await source.find({ algorithm: 'ES256', kid })).ok;
}

describe('shared keys, by schedule', () => {
  it('AS-207 AS-272 switch to the next, to the second, without asking anybody', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    const both = [await sharedKeys(store, { clock }), await sharedKeys(store, { clock })] as const;
    const [current, next] = await publishedKids(both[0], clock);
    const asked = store.calls;
    clock.advance(month - 1);
    for (const keys of both) expect(await currentKid(keys, clock)).toBe(current);
    clock.advance(1);
    for (const keys of both) expect(await currentKid(keys, clock)).toBe(next);
    expect(store.calls).toBe(asked);
  });

  it('AS-207 THR-93 make one next generation, whoever of many notices first', async () => {
    const store = new InMemoryKeyStore();
    const late = answeringLate(store);
    const clock = new SettableClock();
    const all = await Promise.all([1, 2, 3, 4].map(() => sharedKeys(late, { clock })));
    clock.advance(month);
    await Promise.all(all.map((keys) => keys.refresh()));
    expect((await store.find('signing'))?.version).toBe(2);
    const published = await Promise.all(all.map((keys) => publishedKids(keys, clock)));
    expect(published[0]).toHaveLength(3);
    expect(new Set(published.map(String)).size).toBe(1);
  });

  it('AS-207 OIDC-13 stay published until the last thing they signed anywhere has expired', async () => {
    const clock = new SettableClock();
    const keys = await sharedKeys(new InMemoryKeyStore(), { clock });
    const retired = await currentKid(keys, clock);
    clock.advance(month + retire + refresh - 1);
    await keys.refresh();
    expect(await publishedKids(keys, clock)).toContain(retired);
    expect(await knows(keys.source, retired)).toBe(true);
    clock.advance(1);
    expect(await publishedKids(keys, clock)).not.toContain(retired);
    expect(await knows(keys.source, retired)).toBe(false);
  });

  it('AS-207 are forgotten when nobody needs them any more', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const keys = await sharedKeys(store, { clock });
    for (let rotation = 0; rotation < 4; rotation += 1) {
      clock.advance(month);
      await keys.refresh();
    }
    expect(await storedGenerations(store)).toHaveLength(3);
  });

  it('AS-207 go on with what was published where everything stood still for long', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const [, next] = await publishedKids(await sharedKeys(store, { clock }), clock);
    clock.advance(10 * month);
    const restarted = await sharedKeys(store, { clock });
    expect(await currentKid(restarted, clock)).toBe(next);
    clock.advance(month - 1);
    expect(await currentKid(restarted, clock)).toBe(next);
  });

  it('AS-207 do not rotate by themselves where they are told so', async () => {
    const clock = new SettableClock();
    const keys = await sharedKeys(new InMemoryKeyStore(), { clock, rotateEverySeconds: 'never' });
    const current = await currentKid(keys, clock);
    clock.advance(100 * month);
    await keys.refresh();
    expect(await currentKid(keys, clock)).toBe(current);
    expect(await keys.rotate(clock.now())).toBe(true);
    expect(await currentKid(keys, clock)).not.toBe(current);
  });

  it('AS-207 AS-272 get keys for an algorithm that a newer instance lists', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const older = await sharedKeys(store, { clock });
    const newer = await sharedKeys(store, { clock, algorithms: ['ES256', 'Ed25519'] });
    const { kid } = await newer.current('Ed25519', clock.now());
    expect(await currentKid(newer, clock)).toBe(await currentKid(older, clock));
    expect((await older.source.find({ algorithm: 'Ed25519', kid })).ok).toBe(true);
    clock.advance(month);
    for (const keys of [older, newer]) await keys.refresh();
    clock.advance(month);
    expect((await newer.current('Ed25519', clock.now())).kid).not.toBe(kid);
  });
});

describe('shared keys, when told to rotate', () => {
  it('AS-207 THR-64 wait until every cache of every instance can know the next key', async () => {
    const clock = new SettableClock();
    const keys = await sharedKeys(new InMemoryKeyStore(), { clock });
    clock.advance(ahead + refresh - 1);
    expect(await keys.rotate(clock.now())).toBe(false);
    clock.advance(1);
    expect(await keys.rotate(clock.now())).toBe(true);
    expect(await keys.rotate(clock.now())).toBe(false);
  });

  it('THR-64 AS-272 let the other instances follow, and refuse nothing meanwhile', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const [one, other] = [await sharedKeys(store, { clock }), await sharedKeys(store, { clock })];
    clock.advance(ahead + refresh);
    const [old, next] = await publishedKids(one, clock);
    await one.rotate(clock.now());
    expect(await currentKid(one, clock)).toBe(next);
    expect(await currentKid(other, clock)).toBe(old);
    expect(await knows(one.source, old)).toBe(true);
    expect(await knows(other.source, next)).toBe(true);
    await other.refresh();
    expect(await currentKid(other, clock)).toBe(next);
    clock.advance(refresh + retire - 1);
    expect(await knows(one.source, old)).toBe(true);
  });

  it('THR-93 AS-272 rotate once where two instances are told at once', async () => {
    const store = answeringLate(new InMemoryKeyStore());
    const clock = new SettableClock();
    const both = [await sharedKeys(store, { clock }), await sharedKeys(store, { clock })];
    clock.advance(ahead + refresh);
    const rotated = await Promise.all(both.map((keys) => keys.rotate(clock.now())));
    expect(rotated.sort()).toEqual([false, true]);
    expect((await store.find('signing'))?.version).toBe(2);
  });
});

describe('two instances through three rotations', () => {
  const step = 150;
  const lifeSeconds = 900;

  it('THR-64 AS-272 leave no token unverified, at each other or at who keeps a key set', async () => {
    const clock = new SettableClock();
    const store = answeringLate(new InMemoryKeyStore(), [0, 1, 2]);
    const terms = {
      clock,
      refreshSeconds: 2 * step,
      rotateEverySeconds: 10 * step,
      retireAfterSeconds: lifeSeconds,
    };
    const both = [await sharedKeys(store, terms), await sharedKeys(store, terms)] as const;
    const tokens: Token[] = [];
    const kept: { readonly keys: KeySource; readonly staleAt: number }[] = [];
    for (let steps = 0; steps < 35; steps += 1) {
      const now = clock.now();
      await both[steps % 2 === 0 ? 0 : 1].refresh();
      for (const keys of both) {
        tokens.push(await sign(keys, clock, now + lifeSeconds));
        kept.push({ keys: await staticKeys(await keys.published(now)), staleAt: now + ahead });
      }
      const fresh = kept.filter(({ staleAt }) => now <= staleAt).map(({ keys }) => keys);
      for (const token of tokens.filter(({ exp }) => now < exp)) {
        for (const source of [both[0].source, both[1].source, ...fresh]) {
          expect(await verifies(source, token)).toBe(true);
        }
      }
      clock.advance(step);
    }
    expect(new Set(tokens.map(({ kid }) => kid)).size).toBe(4);
  });
});

interface Token {
  readonly kid: string;
  readonly text: string;
  readonly exp: number;
}

async function sign(keys: SigningKeys, clock: SettableClock, exp: number): Promise<Token> {
  const { kid, signer } = await keys.current('ES256', clock.now());
  return { kid, text: await signCompactJws({ kid }, { exp }, signer), exp };
}

async function verifies(source: KeySource, { kid, text }: Token): Promise<boolean> {
  const key = await source.find({ algorithm: 'ES256', kid });
  const algorithms = new Set(['ES256']);
  const jws = parseCompactJws(text, { accepts: () => true, algorithms, maxLength: 4_096 });
  return key.ok && jws.ok && (await checkSignature(jws.value, key.value)).ok;
}
