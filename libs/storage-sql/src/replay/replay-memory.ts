import { StoreUnavailableError } from '@keybound/core';
import { sql } from 'kysely';
import type { Database, Db } from '../database/database.js';
import { statement, type Named } from '../database/statement.js';

/** The name of the one row of `keybound_replay_memory`, which is there from the first. */
const spends = 'spends';

/**
 * Notes in which of its lives the database is: one is over where what was answered last may be lost. In
 * the next, what could be used before may have been, without a note of it left (THR-68).
 *
 * A life is told by a number; what differs by no more than `tolerance` is the same. By `began`, in
 * seconds, it had begun. To be run before anything is claimed, as often as may be.
 */
export const noteLife = statement(
  (db, { life, tolerance, began }: Named<{ life: number; tolerance: number; began: number }>) =>
    db
      .updateTable('keybound_replay_memory')
      .set({
        life,
        // Nothing was lost where there was none before, or its end was orderly.
        reaches_back_to: sql<number>`case when life is null then reaches_back_to else ${began} end`,
      })
      .where('name', '=', spends)
      .where((where) =>
        where.or([
          where('life', 'is', null),
          where(sql<number>`abs(life - ${life})`, '>', tolerance),
        ]),
      ),
);

/** Before any spend is dropped: from now on nobody can say that one of that time was not used. */
export const noteForgotten = statement((db, { before }: Named<{ before: number }>) =>
  db
    .updateTable('keybound_replay_memory')
    .set({ forgotten_until: before })
    .where('name', '=', spends)
    .where('forgotten_until', '<', before)
    .where((where) =>
      where.exists(
        where.selectFrom('keybound_spend').select('digest').where('ends_at', '<=', before),
      ),
    ),
);

const select = statement((db, { name }: Named<{ name: string }>) =>
  db
    .selectFrom('keybound_replay_memory')
    .select(['forgotten_until', 'reaches_back_to'])
    .where('name', '=', name),
);

/** @throws StoreUnavailableError where the row was taken away: nothing is claimed without it. */
export async function selectReplayMemory(db: Db) {
  const row = await select.first(db, { name: spends });
  if (row === undefined) throw rowIsGone();
  return { forgottenUntil: row.forgotten_until, reachesBackTo: row.reaches_back_to };
}

/**
 * Reads what every claim reads, as if to change it: a server that only reads does not pass for a good one.
 *
 * @throws StoreUnavailableError where it cannot be read, or is gone.
 */
export async function checkReplayMemory({ db, lock }: Database): Promise<void> {
  const query = db.selectFrom('keybound_replay_memory').select('name').where('name', '=', spends);
  if ((await lock(query).executeTakeFirst()) === undefined) throw rowIsGone();
}

function rowIsGone(): StoreUnavailableError {
  return new StoreUnavailableError('The row of replay memory is gone.');
}
