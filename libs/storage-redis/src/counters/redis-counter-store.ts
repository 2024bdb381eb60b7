import type { CounterStore, CountLimit, CountOutcome } from '@keybound/authorization-server';
import { sha256Base64url, type Seconds } from '@keybound/core';
import type { RedisConnection } from '../connection/redis-connection.js';

/** A {@link CounterStore} for any number of instances. Kept are hashes of the names. */
export class RedisCounterStore implements CounterStore {
  readonly sharing = 'shared';
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  constructor(connection: RedisConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = `${prefix}c:`;
  }

  async count(
    keys: readonly (CountLimit & { readonly key: string })[],
    now: Seconds,
  ): Promise<CountOutcome> {
    if (keys.length === 0) return { within: true };
    const names = await Promise.all(keys.map(({ key }) => this.#nameOf(key)));
    const limits = keys.flatMap(({ limit, windowSeconds }) => [
      String(limit),
      String(now + windowSeconds),
    ]);
    const longest = await this.#connection.ask(({ client }) =>
      client.count(names, [String(now), ...limits]),
    );
    return longest === 0 ? { within: true } : { within: false, retryAfterSeconds: longest };
  }

  async reset(key: string): Promise<void> {
    const name = await this.#nameOf(key);
    await this.#connection.ask(({ client }) => client.del(name));
  }

  async #nameOf(key: string): Promise<string> {
    return this.#prefix + (await sha256Base64url(key));
  }
}
