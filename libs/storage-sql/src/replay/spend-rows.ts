import { encodeBase64url, type Seconds, type Spend } from '@keybound/core';
import { sql } from 'kysely';
import type { Db } from '../database/database.js';
import { statement, type Named } from '../database/statement.js';

/** What claims to last for ever is held until then: the year 9999. */
const lastMoment = 253_402_300_799;

/** A spend as it is kept. */
export interface Hold {
  readonly spend: Spend;
  /** base64url. */
  readonly digest: string;
  readonly since: number;
  readonly until: number;
}

/**
 * Rounded outwards, so that a fraction never frees a thing early; held for a second at least.
 *
 * @throws RangeError for an `until` that is no moment.
 */
export function holdOf(spend: Spend, now: Seconds): Hold {
  if (Number.isNaN(spend.until)) throw new RangeError('Expected `until` in seconds since 1970.');
  return {
    spend,
    digest: encodeBase64url(spend.digest),
    since: Math.floor(spend.since),
    until: Math.min(Math.max(Math.ceil(spend.until), now + 1), lastMoment),
  };
}

/** Adds it, or what ended under its name begins anew; neither where replay memory cannot tell. */
const holdOne = statement(
  (db, given: Named<{ digest: string; until: number; since: number; now: number }>) =>
    db
      .insertInto('keybound_spend')
      .columns(['digest', 'ends_at'])
      .expression((from) =>
        from
          .selectFrom('keybound_replay_memory')
          .select([
            sql<string>`cast(${given.digest} as text)`.as('digest'),
            sql<number>`cast(${given.until} as bigint)`.as('ends_at'),
          ])
          .where('name', '=', 'spends')
          .where('forgotten_until', '<', given.until)
          .where('reaches_back_to', '<=', given.since),
      )
      .onConflict((conflict) =>
        conflict
          .column('digest')
          .doUpdateSet({ ends_at: given.until })
          .where('keybound_spend.ends_at', '<=', given.now),
      ),
);

/** @returns False, with nothing changed, where it is held already or may have been. */
export function insertSpend(db: Db, hold: Hold, now: Seconds): Promise<boolean> {
  const { digest, until, since } = hold;
  return holdOne.changes(db, { digest, until, since, now });
}

/** @returns The digests that are held. */
export async function selectHeld(
  db: Db,
  holds: readonly Hold[],
  now: Seconds,
): Promise<ReadonlySet<string>> {
  const digests = holds.map(({ digest }) => digest);
  const rows = await db
    .selectFrom('keybound_spend')
    .select('digest')
    .where('digest', 'in', digests)
    .where('ends_at', '>', now)
    .execute();
  return new Set(rows.map(({ digest }) => digest));
}
