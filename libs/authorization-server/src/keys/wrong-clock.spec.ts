import { describe, expect, it } from '@jest/globals';
import { staticKeys, type KeySource } from '@keybound/core';
import {
  currentKid,
  publishedKids,
  SettableClock,
  sharedKeys,
  storedGenerations,
} from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';

const hour = 3_600;
const month = 2_592_000;

async function knows(source: KeySource, kid: string): Promise<boolean> {
  return (await source.find({ algorithm: 'ES256', kid })).ok;
}

describe('shared keys under a wrong clock', () => {
  it.each([hour, -hour])(
    'THR-65 THR-64 that is off by %d seconds sign with nothing that caches cannot know',
    async (error) => {
      const store = new InMemoryKeyStore();
      const [right, wrong] = [new SettableClock(), new SettableClock()];
      const good = await sharedKeys(store, { clock: right });
      const bad = await sharedKeys(store, { clock: wrong });
      const cache = await staticKeys(await good.published(right.now()));
      right.advance(month - hour / 2);
      wrong.set(right.now() + error);
      for (let steps = 0; steps < 2; steps += 1) {
        for (const keys of [bad, good]) await keys.refresh();
        const kid = await currentKid(bad, wrong);
        expect(await knows(cache, kid)).toBe(true);
        expect(await knows(good.source, kid)).toBe(true);
        for (const clock of [right, wrong]) clock.advance(hour);
      }
      wrong.set(right.now());
      await bad.refresh();
      expect(await currentKid(bad, wrong)).toBe(await currentKid(good, right));
    },
  );

  it('THR-65 that is an hour ahead leave in the ring what others still publish', async () => {
    const store = new InMemoryKeyStore();
    const [right, wrong] = [new SettableClock(), new SettableClock()];
    const terms = { rotateEverySeconds: 2 * hour };
    const good = await sharedKeys(store, { clock: right, ...terms });
    const bad = await sharedKeys(store, { clock: wrong, ...terms });
    const old = await currentKid(good, right);
    right.advance(2 * hour);
    await good.refresh();
    right.advance(hour);
    wrong.set(right.now() + hour);
    for (const keys of [bad, good]) await keys.refresh();
    expect(await storedGenerations(store)).toHaveLength(4);
    expect(await publishedKids(good, right)).toContain(old);
  });

  it('THR-65 that jumped and came back sign as they did before', async () => {
    const clock = new SettableClock();
    const keys = await sharedKeys(new InMemoryKeyStore(), { clock });
    const [current, next] = await publishedKids(keys, clock);
    clock.advance(month);
    expect(await currentKid(keys, clock)).toBe(next);
    clock.advance(-hour);
    expect(await currentKid(keys, clock)).toBe(current);
    expect(await publishedKids(keys, clock)).toEqual([current, next]);
  });

  it('THR-65 that is long before anything was made sign with what there is', async () => {
    const store = new InMemoryKeyStore();
    const right = new SettableClock();
    const current = await currentKid(await sharedKeys(store, { clock: right }), right);
    const clock = new SettableClock(0);
    const keys = await sharedKeys(store, { clock });
    expect(await currentKid(keys, clock)).toBe(current);
    expect(await publishedKids(keys, clock)).toContain(current);
  });
});
