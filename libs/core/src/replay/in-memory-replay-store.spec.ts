import { describe, expect, it } from '@jest/globals';
import { describeReplayStore } from '@keybound/testing';
import fc from 'fast-check';
import { ConfigurationError, StoreUnavailableError } from '../errors/faults.js';
import { seconds } from '../time/clock.js';
import { InMemoryReplayStore } from './in-memory-replay-store.js';
import type { Spend } from './replay-store.js';
import { spendOf } from './spend-of.js';

describeReplayStore('InMemoryReplayStore', () => new InMemoryReplayStore());
describeReplayStore('InMemoryReplayStore in one table', () => {
  return new InMemoryReplayStore({ maxEntries: 1024 });
});

const T0 = 1_800_000_000;
const spend = (name: number | string, until: number): Promise<Spend> =>
  spendOf('test', [String(name)], { since: seconds(T0), until: seconds(until) });

const spends = (from: number, to: number, until: number): Promise<Spend[]> =>
  Promise.all(Array.from({ length: to - from }, (_, index) => spend(from + index, until)));

async function claimEach(store: InMemoryReplayStore, things: readonly Spend[], now: number) {
  const outcomes = await Promise.all(things.map((thing) => store.claim([thing], seconds(now))));
  return outcomes.filter(({ claimed }) => claimed).length;
}

describe('InMemoryReplayStore', () => {
  it('OPS-05 says that it serves one process', () => {
    expect(new InMemoryReplayStore().sharing).toBe('process');
  });

  it('DPOP-13 answers as a plain map does, whatever is claimed when', async () => {
    const claim = fc.record({
      names: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
      lifetime: fc.integer({ min: -3, max: 30 }),
      elapsed: fc.integer({ min: 0, max: 8 }),
    });
    const named = await spends(0, 41, 0);
    await fc.assert(
      fc.asyncProperty(fc.array(claim, { maxLength: 120 }), async (claims) => {
        const store = new InMemoryReplayStore({ maxEntries: 100 });
        const model = new Map<number, number>();
        let now = T0;
        for (const { names, lifetime, elapsed } of claims) {
          now += elapsed;
          const until = seconds(now + lifetime);
          const list = names.flatMap((name) => {
            const thing = named[name];
            return thing === undefined ? [] : [{ ...thing, until }];
          });
          const expected = claimInModel(model, names, until, now);
          const outcome = await store.claim(list, seconds(now));
          const spent = outcome.claimed ? -1 : list.findIndex((thing) => thing === outcome.spent);
          expect(spent).toBe(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('DPOP-13 THR-28 accepts nothing twice while it holds, even where the clock jumps', async () => {
    const claim = fc.record({
      name: fc.integer({ min: 0, max: 150 }),
      lifetime: fc.integer({ min: -3, max: 60 }),
      jump: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: -50, max: 50 })),
    });
    const named = await spends(0, 151, 0);
    await fc.assert(
      fc.asyncProperty(fc.array(claim, { minLength: 200, maxLength: 400 }), async (claims) => {
        const store = new InMemoryReplayStore({ maxEntries: 100 });
        const heldUntil = new Map<number, number>();
        let now = T0;
        for (const { name, lifetime, jump } of claims) {
          now += jump;
          const until = seconds(now + lifetime);
          const thing = named[name];
          if (thing === undefined) continue;
          const claimed = await store.claim([{ ...thing, until }], seconds(now)).then(
            (outcome) => outcome.claimed,
            (error: unknown) => {
              if (error instanceof StoreUnavailableError) return false;
              throw error;
            },
          );
          // Where `until` differs from the first claim's, the thing is another one: see `spendOf`.
          if (!claimed) continue;
          expect((heldUntil.get(name) ?? 0) <= now || until > (heldUntil.get(name) ?? 0)).toBe(
            true,
          );
          heldUntil.set(name, Math.max(until, now + 1));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('THR-68 refuses to forget an unexpired entry when it is full', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 5000 });
    const things = await spends(0, 5000, T0 + 60);
    expect(await claimEach(store, things, T0)).toBe(5000);
    const one = await spend('one more', T0 + 600);
    await expect(store.claim([one], seconds(T0 + 59))).rejects.toThrow(StoreUnavailableError);
    expect(await claimEach(store, things, T0 + 59)).toBe(0);
    expect(await store.claim([one], seconds(T0 + 60))).toEqual({ claimed: true });
  });

  it('THR-68 claims none of a list that does not fit', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 3 });
    const things = await spends(0, 4, T0 + 60);
    await expect(store.claim(things, seconds(T0))).rejects.toThrow(StoreUnavailableError);
    expect(await store.claim(things.slice(1), seconds(T0))).toEqual({ claimed: true });
  });

  it('THR-68 keeps serving when as many entries expire as come', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 2000 });
    for (let second = 0; second < 40; second++) {
      const things = await spends(second * 200, second * 200 + 200, T0 + second + 10);
      expect(await claimEach(store, things, T0 + second)).toBe(200);
      expect(await claimEach(store, things, T0 + second)).toBe(0);
    }
  });

  it('THR-28 throws where the clock went back past what it has dropped', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 1 });
    const [first, later] = [await spend('first', T0 + 60), await spend('later', T0 + 90)];
    await store.claim([first], seconds(T0));
    await store.claim([await spend('second', T0 + 61)], seconds(T0 + 60));
    const again = store.claim([first], seconds(T0 + 59));
    await expect(again).rejects.toThrow(StoreUnavailableError);
    expect(await store.claim([later], seconds(T0 + 61))).toEqual({ claimed: true });
  });

  it('DPOP-13 takes at most 64 octets an entry', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 20_000 });
    await claimEach(store, await spends(0, 20_000, T0 + 60), T0);
    expect(store.entries).toBe(20_000);
    expect(store.bytes / store.entries).toBeLessThan(64);
  });

  it('DPOP-13 gives memory back after a burst', async () => {
    const store = new InMemoryReplayStore({ maxEntries: 20_000 });
    await claimEach(store, await spends(0, 20_000, T0 + 60), T0);
    const burst = store.bytes;
    for (let second = 60; second < 80; second++) {
      await store.claim([await spend(`after ${String(second)}`, T0 + 400)], seconds(T0 + second));
    }
    expect(store.bytes).toBeLessThan(burst / 5);
    expect(store.entries).toBeLessThan(1000);
  });

  it('OPS-06 rounds a fraction of a second up', async () => {
    const store = new InMemoryReplayStore();
    const thing = { ...(await spend('fraction', T0)), until: seconds(T0 + 0.5) };
    await store.claim([thing], seconds(T0));
    expect(await store.claim([thing], seconds(T0 + 0.9))).toMatchObject({ claimed: false });
    expect(await store.claim([thing], seconds(T0 + 1))).toEqual({ claimed: true });
  });

  it('INV-1 holds what claims to last for ever', async () => {
    const store = new InMemoryReplayStore();
    for (const until of [2 ** 32, 1e15, Infinity]) {
      const thing = await spend(`until ${String(until)}`, until);
      expect(await store.claim([thing], seconds(T0))).toEqual({ claimed: true });
      expect(await store.claim([thing], seconds(4e9))).toMatchObject({ claimed: false });
    }
  });

  it.each([
    ['milliseconds', T0 * 1000, T0 * 1000 + 60],
    ['no number as the time', NaN, T0],
    ['a time before 1970', -1, 60],
    ['no number as the end', T0, NaN],
  ])('INV-9 rejects %s', async (_what, now, until) => {
    const claim = new InMemoryReplayStore().claim([await spend(1, until)], seconds(now));
    await expect(claim).rejects.toThrow(RangeError);
  });

  it('INV-9 rejects what is no SHA-256 digest', async () => {
    const thing = { ...(await spend(1, T0 + 60)), digest: new Uint8Array(20) };
    const claim = new InMemoryReplayStore().claim([thing], seconds(T0));
    await expect(claim).rejects.toThrow(RangeError);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 24 + 1])('INV-9 cannot start with maxEntries %p', (maxEntries) => {
    expect(() => new InMemoryReplayStore({ maxEntries })).toThrow(ConfigurationError);
  });
});

/** The index of the first name that was used, or -1. */
function claimInModel(
  model: Map<number, number>,
  names: readonly number[],
  until: number,
  now: number,
): number {
  const used = names.findIndex(
    (name, index) => (model.get(name) ?? 0) > now || names.indexOf(name) < index,
  );
  if (used < 0) for (const name of names) model.set(name, Math.max(until, now + 1));
  return used;
}
