import type { CodeRecord } from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { sql } from 'kysely';
import type { Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { CodeTable } from '../database/tables.js';
import { liveGrant } from './live-grant.js';

/** How long after its expiry a second use of a redeemed code is still recognised. */
const rememberedSeconds = 600;

const insert = statement((db, row: Named<CodeTable>) => db.insertInto('keybound_code').values(row));

export async function insertCode(db: Db, record: CodeRecord): Promise<void> {
  const { failures, redeemedAt, ...body } = record;
  const { hash, grantId, expiresAt } = record;
  await insert.run(db, {
    hash,
    grant_id: grantId,
    body: JSON.stringify(body),
    expires_at: expiresAt,
    failures,
    burnt: 0,
    redeemed_at: redeemedAt ?? null,
    ends_at: expiresAt + rememberedSeconds,
  });
}

/** One that was redeemed, or may be. */
const select = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_code')
    .select(['body', 'failures', 'redeemed_at'])
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .where((where) =>
      where.or([
        where('redeemed_at', 'is not', null),
        where.and([
          where('burnt', '=', 0),
          where('expires_at', '>', now),
          where.exists(liveGrant(db, where.ref('keybound_code.grant_id'), now)),
        ]),
      ]),
    ),
);

/** A dead grant's is found only where it was redeemed. */
export async function selectCode(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<CodeRecord | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await select.first(db, { hash, now });
  if (row === undefined) return undefined;
  const { body, failures, redeemed_at: redeemedAt } = row;
  return {
    ...(JSON.parse(body) as Omit<CodeRecord, 'failures' | 'redeemedAt'>),
    failures,
    redeemedAt: redeemedAt === null ? undefined : seconds(redeemedAt),
  };
}

const noteWrongGuess = statement(
  (db, { hash, limit, now }: Named<{ hash: string; limit: number; now: Seconds }>) =>
    db
      .updateTable('keybound_code')
      .set((set) => ({
        failures: set('failures', '+', 1),
        burnt: sql<number>`case when failures + 1 >= ${limit} then 1 else 0 end`,
      }))
      .where('hash', '=', hash)
      .where('redeemed_at', 'is', null)
      .where('burnt', '=', 0)
      .where('expires_at', '>', now),
);

export async function noteFailure(
  db: Db,
  hash: string,
  limit: number,
  now: Seconds,
): Promise<void> {
  if (isPossibleName(hash)) await noteWrongGuess.run(db, { hash, limit, now });
}

const redeem = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .updateTable('keybound_code')
    .set({ redeemed_at: now })
    .where('hash', '=', hash)
    .where('redeemed_at', 'is', null)
    .where('burnt', '=', 0)
    .where('expires_at', '>', now),
);

/** After its grant is held. @returns False, and nothing is changed, where it may not be redeemed. */
export function redeemCode(db: Db, hash: string, now: Seconds): Promise<boolean> {
  return redeem.changes(db, { hash, now });
}

const selectRedeemed = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_code')
    .select('grant_id')
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .where('redeemed_at', 'is not', null),
);

/** @returns The grant of a code that was redeemed. */
export async function grantOfRedeemed(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<string | undefined> {
  return (await selectRedeemed.first(db, { hash, now }))?.grant_id;
}
