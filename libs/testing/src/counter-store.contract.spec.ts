import { describe, expect, it } from '@jest/globals';
import {
  InMemoryCounterStore,
  type CounterStore,
  type CountLimit,
  type CountOutcome,
} from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { setImmediate as pause } from 'node:timers/promises';
import { contractFailures } from './contract-failures.js';
import { describeCounterStore } from './counter-store.contract.js';

const failuresOf = (make: () => CounterStore, only?: string) =>
  contractFailures(describeCounterStore, make, only);

type Keys = readonly (CountLimit & { readonly key: string })[];

class ReadThenWrite extends InMemoryCounterStore {
  readonly attempts = new Map<string, number>();

  override async count(keys: Keys): Promise<CountOutcome> {
    const counts = keys.map(({ key }) => (this.attempts.get(key) ?? 0) + 1);
    await pause();
    keys.forEach(({ key }, index) => this.attempts.set(key, counts[index] ?? 0));
    const isWithin = keys.every(({ limit }, index) => (counts[index] ?? 0) <= limit);
    return isWithin ? { within: true } : { within: false, retryAfterSeconds: 60 };
  }
}

class OneByOne extends InMemoryCounterStore {
  override async count(keys: Keys, now: Seconds): Promise<CountOutcome> {
    for (const key of keys) {
      const outcome = await super.count([key], now);
      if (!outcome.within) return outcome;
    }
    return { within: true };
  }
}

class OneTooMany extends InMemoryCounterStore {
  override count(keys: Keys, now: Seconds) {
    return super.count(
      keys.map((key) => ({ ...key, limit: key.limit + 1 })),
      now,
    );
  }
}

class WindowFromTheLast extends InMemoryCounterStore {
  override async count(keys: Keys, now: Seconds) {
    const outcome = await super.count(keys, now);
    if (!outcome.within) for (const { key } of keys) await this.reset(key);
    return outcome.within ? super.count(keys, now) : outcome;
  }
}

class ASecondLate extends InMemoryCounterStore {
  override count(keys: Keys, now: Seconds) {
    return super.count(
      keys.map((key) => ({ ...key, windowSeconds: key.windowSeconds + 1 })),
      now,
    );
  }
}

class NeverForgives extends InMemoryCounterStore {
  override async reset() {
    // Not forgiven.
  }
}

class WaitsForever extends InMemoryCounterStore {
  override async count(keys: Keys, now: Seconds): Promise<CountOutcome> {
    const outcome = await super.count(keys, now);
    const windows = keys.map(({ windowSeconds }) => windowSeconds);
    return outcome.within ? outcome : { within: false, retryAfterSeconds: Math.max(...windows) };
  }
}

class ForgetsBackwards extends InMemoryCounterStore {
  latest = seconds(0);

  override async count(keys: Keys, now: Seconds): Promise<CountOutcome> {
    if (now < this.latest) for (const { key } of keys) await this.reset(key);
    this.latest = now;
    return super.count(keys, now);
  }
}

class StaysAhead extends InMemoryCounterStore {
  latest = seconds(0);

  override count(keys: Keys, now: Seconds) {
    this.latest = seconds(Math.max(this.latest, now));
    return super.count(keys, this.latest);
  }
}

class ShortNames extends InMemoryCounterStore {
  override count(keys: Keys, now: Seconds) {
    return super.count(
      keys.map((key) => ({ ...key, key: key.key.slice(0, 255) })),
      now,
    );
  }

  override reset(key: string) {
    return super.reset(key.slice(0, 255));
  }
}

// That it passes a store that is right is shown where the in-memory store is tested.
describe('describeCounterStore', () => {
  it.each([
    ['AS-91 THR-93 lets exactly the limit through of 25 at once', ReadThenWrite],
    ['AS-91 THR-93 counts several keys at once, in whatever order they are named', ReadThenWrite],
    ['AS-91 counts under every key, also where one is over its limit', OneByOne],
    ['AS-91 lets as many through as the limit says', OneTooMany],
    ['AS-91 does not let refused attempts prolong a window', WindowFromTheLast],
    ['AS-91 ends a window to the second, counted from its first', ASecondLate],
    ['AS-91 starts a key anew after a success', NeverForgives],
    ['AS-91 names the longest wait of those that are over', WaitsForever],
    ['AS-91 does not forget when the clock goes back', ForgetsBackwards],
    ['AS-91 THR-65 limits on when a clock that leapt ahead is put right', StaysAhead],
    ['INV-1 counts under any name, however long', ShortNames],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await failuresOf(() => new Wrong(), title)).toEqual([title]);
  });
});
