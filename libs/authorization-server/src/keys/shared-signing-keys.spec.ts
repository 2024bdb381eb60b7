import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConfigurationError, signatureAlgorithmNames, StoreUnavailableError } from '@keybound/core';
import {
  answeringLate,
  currentKid,
  publishedKids,
  RecordedAudit,
  SettableClock,
  sharedKeys,
  storedGenerations,
  WatchedKeyStore,
} from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import type { KeyStore } from '../storage/key-store.js';
import { generateKeys, longestGeneration } from './generation.js';
import type { SharedSigningKeysOptions } from './shared-signing-keys.schema.js';

describe('sharedSigningKeys', () => {
  it('AS-272 AS-207 makes one ring where three instances start at once', async () => {
    const store = answeringLate(new InMemoryKeyStore());
    const clock = new SettableClock();
    const three = await Promise.all([1, 2, 3].map(() => sharedKeys(store, { clock })));
    const published = await Promise.all(three.map((keys) => publishedKids(keys, clock)));
    expect(published[0]).toHaveLength(2);
    expect(new Set(published.map(String)).size).toBe(1);
    for (const keys of three) expect(await currentKid(keys, clock)).toBe(published[0]?.[0]);
    expect((await store.find('signing'))?.version).toBe(1);
  });

  it('AS-272 has the same keys after a restart', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const before = await publishedKids(await sharedKeys(store, { clock }), clock);
    clock.advance(1_000_000);
    expect(await publishedKids(await sharedKeys(store, { clock }), clock)).toEqual(before);
    expect((await store.find('signing'))?.version).toBe(1);
  });

  it('THR-66 does not start without the store, and leaves nothing half written', async () => {
    const store = new WatchedKeyStore();
    const clock = new SettableClock();
    jest.spyOn(store, 'replace').mockRejectedValueOnce(new StoreUnavailableError('gone'));
    await expect(sharedKeys(store)).rejects.toThrow(StoreUnavailableError);
    expect(await store.find('signing')).toBeUndefined();
    expect(await publishedKids(await sharedKeys(store, { clock }), clock)).toHaveLength(2);
  });

  it('AS-207 reads the ring once, however many want to know at once', async () => {
    const store = new WatchedKeyStore();
    const keys = await sharedKeys(store);
    const before = store.calls;
    await Promise.all(Array.from({ length: 25 }, () => keys.refresh()));
    expect(store.calls).toBe(before + 1);
  });

  it('THR-84 says whether other processes have its keys, as the store does', async () => {
    expect((await sharedKeys(new InMemoryKeyStore())).sharing).toBe('process');
    expect((await sharedKeys(new WatchedKeyStore())).sharing).toBe('shared');
  });

  it('AS-207 hands out the same promise each time: nothing is made on the way of a token', async () => {
    const clock = new SettableClock();
    const keys = await sharedKeys(new InMemoryKeyStore(), { clock });
    const first = keys.current('ES256', clock.now());
    clock.advance(10);
    expect(keys.current('ES256', clock.now())).toBe(first);
    await expect(keys.current('PS256', clock.now())).rejects.toThrow(ConfigurationError);
  });

  it.each<[string, RegExp, Partial<SharedSigningKeysOptions>]>([
    ['looks too seldom', /refreshSeconds: .*half/, { refreshSeconds: 451 }],
    ['rotates before caches know', /rotateEverySeconds: .*960/, { rotateEverySeconds: 959 }],
    [
      'keeps too many retired keys',
      /retireAfterSeconds: .*10 times/,
      { rotateEverySeconds: 960, retireAfterSeconds: 9_601 },
    ],
    [
      'fills the ring in weeks',
      /rotateEverySeconds: .*64 KiB, with up to 14 generations/,
      {
        rotateEverySeconds: 3_600,
        retireAfterSeconds: 36_000,
        algorithms: ['ES256', 'RS256', 'PS256'],
      },
    ],
    ['has no secret', /secrets/, { secrets: [] }],
    ['has a poor secret', /32 random/, { secrets: ['n'.repeat(64)] }],
    ['has no algorithm', /algorithms/, { algorithms: [] }],
    ['has no store', /store/, { store: {} as KeyStore }],
    ['has no time', /clock/, { clock: {} as SettableClock }],
  ])('THR-84 AS-207 refuses options by which it %s', async (_what, message, own) => {
    const started = sharedKeys(new InMemoryKeyStore(), own);
    await expect(started).rejects.toThrow(ConfigurationError);
    await expect(started).rejects.toThrow(message);
  });

  it('AS-207 takes the slowest look and the fastest rotation that are sound', async () => {
    const own = { refreshSeconds: 450, rotateEverySeconds: 1_350, retireAfterSeconds: 13_500 };
    await expect(sharedKeys(new InMemoryKeyStore(), own)).resolves.toBeDefined();
  });

  it('AS-207 THR-84 knows how many generations a ring may come to hold', async () => {
    const store = new InMemoryKeyStore();
    const clock = new SettableClock();
    const [rotateEverySeconds, retireAfterSeconds] = [3_600, 36_000];
    const keys = await sharedKeys(store, { clock, rotateEverySeconds, retireAfterSeconds });
    const counts: number[] = [];
    for (let rotation = 0; rotation < 20; rotation++) {
      clock.advance(rotateEverySeconds);
      await keys.refresh();
      counts.push((await storedGenerations(store)).length);
    }
    expect(Math.max(...counts)).toBe(14);
    expect(counts.at(-1)).toBe(14);
  });

  it('AS-207 THR-84 knows how long a generation may get', async () => {
    for (const name of signatureAlgorithmNames) {
      const keys = await generateKeys([name]);
      const moments = { publishedAt: Number.MAX_SAFE_INTEGER, signsFrom: Number.MAX_SAFE_INTEGER };
      const { length } = JSON.stringify({ ...moments, keys });
      expect(length).toBeLessThanOrEqual(longestGeneration([name]));
    }
  });
});

describe('sharedSigningKeys, in the background', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('AS-207 THR-66 looks every refreshSeconds, survives failures, and stops when closed', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const store = new WatchedKeyStore();
    const audit = new RecordedAudit();
    const keys = await sharedKeys(store, { audit, refreshSeconds: 30 });
    const before = store.calls;
    await jest.advanceTimersByTimeAsync(29_999);
    expect(store.calls).toBe(before);
    store.isDown = true;
    await jest.advanceTimersByTimeAsync(1);
    expect(store.calls).toBe(before + 1);
    store.isDown = false;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(store.calls).toBe(before + 2);
    await keys.close();
    await jest.advanceTimersByTimeAsync(300_000);
    expect(store.calls).toBe(before + 2);
    expect(audit.events.map(({ kind, code }) => `${kind} ${code}`)).toEqual([
      'done keys.saved',
      'fault StoreUnavailableError',
    ]);
  });

  it('AS-207 does not keep the process running', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    const before = timers().length;
    const keys = await sharedKeys(new InMemoryKeyStore());
    expect(timers()).toHaveLength(before);
    await keys.close();
  });
});
