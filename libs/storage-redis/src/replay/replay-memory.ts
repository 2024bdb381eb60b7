import { seconds, type Seconds } from '@keybound/core';
import type { RedisConnection } from '../connection/redis-connection.js';
import type { RedisConfiguration } from '../options.schema.js';

/** Since when what was used is remembered. THR-68. */
export class ReplayMemory {
  /** Its key. Without an end: it goes with the memory, and not before. */
  readonly marker: string;
  readonly #connection: RedisConnection;
  readonly #settleSeconds: number;
  readonly #clockDifferenceSeconds: number;

  constructor(connection: RedisConnection, configuration: RedisConfiguration) {
    this.marker = `${configuration.prefix}since`;
    this.#connection = connection;
    this.#settleSeconds = configuration.settleSeconds;
    this.#clockDifferenceSeconds = configuration.clockDifferenceSeconds;
  }

  /**
   * The beginning of a memory that begins now: the first second in which nobody, by whichever clock,
   * can have accepted anything of which it does not know.
   */
  beginningAt(now: Seconds): string {
    return String(Math.floor(now) + 1 + this.#clockDifferenceSeconds);
  }

  /** When fresh proofs are taken; the memory begins where there is none. */
  async settledAt(now: Seconds): Promise<Seconds> {
    const since = await this.#sinceOr(this.beginningAt(now));
    return seconds(since + this.#settleSeconds);
  }

  /** Where there is none, it begins and lacks nothing: for a deployment that nobody used before. */
  async beginComplete(): Promise<void> {
    await this.#sinceOr('0');
  }

  async #sinceOr(beginning: string): Promise<number> {
    const since = await this.#connection.ask(({ client, run }) =>
      client.memorySince([this.marker], [beginning, run]),
    );
    return Number(since);
  }
}
