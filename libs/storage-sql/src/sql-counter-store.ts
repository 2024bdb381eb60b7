import type { CounterStore, CountLimit, CountOutcome } from '@keybound/authorization-server';
import { sha256Base64url, type Seconds } from '@keybound/core';
import { countAll } from './counters/count-rows.js';
import type { Database, Db } from './database/database.js';

/** A {@link CounterStore} in a database: a row for each window, all counted by one statement. */
export class SqlCounterStore implements CounterStore {
  readonly sharing: 'process' | 'shared';
  readonly #db: Db;

  constructor({ sharing, db }: Database) {
    this.sharing = sharing;
    this.#db = db;
  }

  async count(
    keys: readonly (CountLimit & { readonly key: string })[],
    now: Seconds,
  ): Promise<CountOutcome> {
    const limits = new Map<string, CountLimit>();
    for (const { key, ...limit } of keys) limits.set(await sha256Base64url(key), limit);
    const counts = await countAll(this.#db, limits, now);
    const waits = counts.map(({ name, attempts, ends_at: endsAt }) => {
      const { limit = 0 } = limits.get(name) ?? {};
      return attempts <= limit ? 0 : Math.max(1, Math.ceil(endsAt - now));
    });
    const longest = Math.max(0, ...waits);
    return longest === 0 ? { within: true } : { within: false, retryAfterSeconds: longest };
  }

  async reset(key: string): Promise<void> {
    const name = await sha256Base64url(key);
    await this.#db.deleteFrom('keybound_count').where('name', '=', name).execute();
  }
}
