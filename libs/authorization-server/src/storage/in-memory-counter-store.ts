import { sha256Base64url, type Seconds } from '@keybound/core';
import type { CounterStore, CountLimit, CountOutcome } from './counter-store.js';
import type { ExpiringTable } from './in-memory/expiring-table.js';
import { Room, type InMemoryStoreOptions } from './in-memory/room.js';

interface Count {
  attempts: number;
  readonly endsAt: number;
}

/**
 * A {@link CounterStore} for one process: each instance counts for itself, and anew when it starts.
 *
 * Names are hashed first; from there on no method waits for anything, so each runs to its end before
 * another begins.
 */
export class InMemoryCounterStore implements CounterStore {
  readonly sharing = 'process';
  readonly #room: Room;
  readonly #counts: ExpiringTable<Count>;

  /** @throws ConfigurationError for impossible options. */
  constructor(options: InMemoryStoreOptions = {}) {
    this.#room = new Room(options);
    this.#counts = this.#room.table();
  }

  get records(): number {
    return this.#room.records;
  }

  async count(
    keys: readonly (CountLimit & { readonly key: string })[],
    now: Seconds,
  ): Promise<CountOutcome> {
    const names = await Promise.all(keys.map(async ({ key }) => sha256Base64url(key)));
    this.#room.make(keys.length, now);
    const waits = keys.map((limit, index) => this.#countOne(names[index] ?? '', limit, now));
    const longest = Math.max(0, ...waits);
    return longest === 0 ? { within: true } : { within: false, retryAfterSeconds: longest };
  }

  async reset(key: string): Promise<void> {
    this.#counts.delete(await sha256Base64url(key));
  }

  /** @returns Seconds to wait; 0 where it is within its limit. */
  #countOne(name: string, { limit, windowSeconds }: CountLimit, now: Seconds): number {
    const count = this.#counts.find(name, now) ?? { attempts: 0, endsAt: now + windowSeconds };
    count.attempts = Math.min(count.attempts + 1, Number.MAX_SAFE_INTEGER);
    this.#counts.set(name, count, count.endsAt);
    return count.attempts <= limit ? 0 : Math.max(1, Math.ceil(count.endsAt - now));
  }
}
