import type { ClaimOutcome, ReplayStore, Seconds, Spend } from '@keybound/core';
import type { RedisConnection } from '../connection/redis-connection.js';
import { lastMoment } from '../scripts/keep-for.js';
import type { ReplayMemory } from './replay-memory.js';

/**
 * As much of a digest as names a thing. Two things that share it would be taken for one, which costs a
 * peer 2^64 hashes and refuses only its own.
 */
const octetsOfName = 16;

/**
 * A {@link ReplayStore} for any number of instances. Each claim is one script on the server, of which
 * the clock decides nothing. A claim that was not answered in time may have been made: the thing counts
 * as used then.
 */
export class RedisReplayStore implements ReplayStore {
  readonly sharing = 'shared';
  readonly #connection: RedisConnection;
  readonly #memory: ReplayMemory;
  readonly #prefix: Buffer;

  constructor(connection: RedisConnection, memory: ReplayMemory, prefix: string) {
    this.#connection = connection;
    this.#memory = memory;
    this.#prefix = Buffer.from(`${prefix}r:`);
  }

  /**
   * @throws StoreUnavailableError when it cannot answer, or the server is full.
   * @throws RangeError for a time that is no moment in seconds, or no digest: a bug of the caller.
   */
  async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    if (spends.length === 0) return { claimed: true };
    const moment = wholeSecond(now);
    const names = spends.map(({ digest }) => this.#nameOf(digest));
    const times = spends.flatMap((spend) => timesOf(spend, moment));
    const beginning = this.#memory.beginningAt(now);
    const position = await this.#connection.ask(({ client, run }) =>
      client.claim([this.#memory.marker, ...names], [beginning, run, String(moment), ...times]),
    );
    const spent = spends[Math.abs(position) - 1];
    if (spent === undefined) return { claimed: true };
    return { claimed: false, spent, reason: position > 0 ? 'used' : 'forgotten' };
  }

  #nameOf(digest: Uint8Array): Buffer {
    if (digest.length !== 32)
      throw new RangeError('A spend is named by a SHA-256 digest: 32 octets.');
    return Buffer.concat([this.#prefix, digest.subarray(0, octetsOfName)]);
  }
}

function wholeSecond(now: Seconds): number {
  if (!(now >= 0 && now < lastMoment))
    throw new RangeError('Expected `now` in seconds since 1970.');
  return Math.floor(now);
}

/** Rounded up, so that a fraction never frees a thing early. */
function timesOf({ since, until }: Spend, now: number): readonly string[] {
  if (Number.isNaN(until) || Number.isNaN(since))
    throw new RangeError('Expected `since` and `until` in seconds since 1970.');
  const ends = Math.min(Math.max(Math.ceil(until), now + 1), lastMoment);
  return [String(ends), String(since)];
}
