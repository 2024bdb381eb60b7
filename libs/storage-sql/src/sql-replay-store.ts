import {
  seconds,
  StoreUnavailableError,
  type ClaimOutcome,
  type ReplayStore,
  type Seconds,
  type Spend,
  type UnclaimedOutcome,
} from '@keybound/core';
import type { Database } from './database/database.js';
import { selectReplayMemory } from './replay/replay-memory.js';
import { holdOf, insertSpend, selectHeld, type Hold } from './replay/spend-rows.js';

/** Thrown in a transaction to undo it: one of the things cannot be claimed. */
class Unclaimed extends Error {
  constructor(readonly hold: Hold) {
    super();
  }
}

/**
 * A {@link ReplayStore} in a database: a row for each thing, held by one statement, several of them in
 * one transaction.
 *
 * It never forgets a thing that has not ended: where one may have been dropped under a clock that was
 * ahead by more than ten minutes, it throws instead of claiming (THR-28). Where the database may have
 * lost its last moments, it claims nothing that could have been used in them (THR-68).
 */
export class SqlReplayStore implements ReplayStore {
  readonly sharing: 'process' | 'shared';
  readonly #database: Database;

  constructor(database: Database) {
    this.sharing = database.sharing;
    this.#database = database;
  }

  /**
   * @throws StoreUnavailableError when it cannot answer, or cannot know because the clock went back.
   * @throws RangeError for a `now` or `until` that is no moment in seconds: a bug of the caller.
   */
  async claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    if (!Number.isFinite(now)) throw new RangeError('Expected `now` in seconds since 1970.');
    const moment = seconds(Math.floor(now));
    const holds = spends.map((spend) => holdOf(spend, moment));
    const unclaimed = await this.#holdAll(holds, moment);
    return unclaimed === undefined ? { claimed: true } : this.#refusal(holds, unclaimed, moment);
  }

  /** @returns One that cannot be claimed, with none of them held; undefined where all are. */
  async #holdAll(holds: readonly Hold[], now: Seconds): Promise<Hold | undefined> {
    const { db, transaction } = this.#database;
    const [first, second] = holds;
    if (first === undefined) return undefined;
    if (second === undefined) return (await insertSpend(db, first, now)) ? undefined : first;
    // One order for all, so that no two wait for each other.
    const inOrder = holds.toSorted((one, other) => (one.digest < other.digest ? -1 : 1));
    try {
      await transaction(async (within) => {
        for (const hold of inOrder) {
          if (!(await insertSpend(within, hold, now))) throw new Unclaimed(hold);
        }
      });
      return undefined;
    } catch (error) {
      if (error instanceof Unclaimed) return error.hold;
      throw error;
    }
  }

  /** Names the first, in the caller's order, that cannot be claimed. */
  async #refusal(holds: readonly Hold[], found: Hold, now: Seconds): Promise<UnclaimedOutcome> {
    const { db } = this.#database;
    const held = await selectHeld(db, holds, now);
    const { forgottenUntil, reachesBackTo } = await selectReplayMemory(db);
    for (const { spend, digest, since, until } of holds) {
      if (held.has(digest)) return { claimed: false, spent: spend, reason: 'used' };
      if (since < reachesBackTo) return { claimed: false, spent: spend, reason: 'forgotten' };
      if (until <= forgottenUntil) {
        throw new StoreUnavailableError('The clock went back: replay memory of that time is gone.');
      }
    }
    // Named twice, or held a moment ago by somebody whose own claim failed.
    return { claimed: false, spent: found.spend, reason: 'used' };
  }
}
