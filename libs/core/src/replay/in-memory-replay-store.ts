import { ConfigurationError, StoreUnavailableError } from '../errors/faults.js';
import type { Seconds } from '../time/clock.js';
import type { ClaimOutcome, ReplayStore, Spend } from './replay-store.js';
import { sameSpendKey, type SpendKey } from './spend-key.js';
import { SpendTables } from './spend-tables.js';

const maxEntriesLimit = 2 ** 24;
/** 2106-02-07: what would be held for longer is held until then. */
const lastMoment = 2 ** 32 - 1;

export interface InMemoryReplayStoreOptions {
  /**
   * Unexpired entries, at most; 1,000,000 unless given, 2^24 at most. Filled up, each takes 25 to 40
   * octets: 40 MB for a million. Beyond it claims fail with StoreUnavailableError.
   */
  readonly maxEntries?: number;
}

/**
 * A {@link ReplayStore} for one process. What it knows is lost when the process ends, and other
 * processes do not see it: several instances need a shared store.
 *
 * Each claim runs to its end before another begins, so it is atomic. It never forgets an entry that
 * has not expired (THR-68), not even where the clock goes back: where an entry may have been dropped
 * under a clock that was ahead, it throws instead of claiming. A thing of which `until` has passed is
 * held for one second (OPS-06). Lists are expected to be short: their items are compared in pairs.
 */
export class InMemoryReplayStore implements ReplayStore {
  readonly sharing = 'process';
  readonly #maxEntries: number;
  readonly #tables: SpendTables;

  /** @throws ConfigurationError for an impossible `maxEntries`. */
  constructor(options: InMemoryReplayStoreOptions = {}) {
    const { maxEntries = 1_000_000 } = options;
    if (!Number.isInteger(maxEntries) || maxEntries < 1 || maxEntries > maxEntriesLimit) {
      throw new ConfigurationError(
        `InMemoryReplayStore: maxEntries must be a whole number from 1 to ${String(maxEntriesLimit)}.`,
      );
    }
    this.#maxEntries = maxEntries;
    this.#tables = new SpendTables(maxEntries);
  }

  /** Entries that take room: the unexpired ones, and expired ones that were not dropped yet. */
  get entries(): number {
    return this.#tables.entries;
  }

  /** Octets that the entries take. */
  get bytes(): number {
    return this.#tables.bytes;
  }

  /**
   * @throws StoreUnavailableError when it is full, or cannot know because the clock went back.
   * @throws RangeError for a `now` or `until` that is no moment in seconds: a bug of the caller.
   */
  claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    return new Promise((resolve) => {
      resolve(this.#claim(spends, wholeSecond(now)));
    });
  }

  #claim(spends: readonly Spend[], now: number): ClaimOutcome {
    this.#tables.sweep(now);
    const holds: { readonly key: SpendKey; readonly until: number }[] = [];
    for (const spend of spends) {
      const key = this.#tables.keyOf(spend.digest);
      const until = holdUntil(spend, now);
      const state = this.#tables.stateOf(key, until, now);
      if (state === 'spent' || holds.some((other) => sameSpendKey(other.key, key))) {
        return { claimed: false, spent: spend, reason: 'used' };
      }
      if (state === 'forgotten') {
        throw new StoreUnavailableError('The clock went back: replay memory of that time is gone.');
      }
      holds.push({ key, until });
    }
    if (!this.#tables.makeRoom(holds.length, now)) {
      throw new StoreUnavailableError(
        `The replay store is full (maxEntries ${String(this.#maxEntries)}).`,
      );
    }
    for (const { key, until } of holds) this.#tables.hold(key, until, now);
    return { claimed: true };
  }
}

function wholeSecond(now: Seconds): number {
  if (!(now >= 0 && now < lastMoment))
    throw new RangeError('Expected `now` in seconds since 1970.');
  return Math.floor(now);
}

/** Rounded up, so that a fraction never frees a thing early. */
function holdUntil(spend: Spend, now: number): number {
  if (Number.isNaN(spend.until)) throw new RangeError('Expected `until` in seconds since 1970.');
  return Math.min(Math.max(Math.ceil(spend.until), now + 1), lastMoment);
}
