import { sql } from 'kysely';
import type { Database } from '../database/database.js';

/** Few enough to hold nobody up. */
export const rowsPerBatch = 500;

/** Tables whose rows end, each with its key. Grants come after what is issued from them. */
export const endingTables = [
  ['keybound_interaction', 'hash'],
  ['keybound_pushed_request', 'hash'],
  ['keybound_code', 'hash'],
  ['keybound_refresh_token', 'hash'],
  ['keybound_access_token', 'hash'],
  ['keybound_revoked_token', 'jti'],
  ['keybound_grant', 'id'],
  ['keybound_client', 'id'],
  ['keybound_session', 'hash'],
  ['keybound_count', 'name'],
  ['keybound_spend', 'digest'],
] as const;

export type EndingTable = (typeof endingTables)[number];

/**
 * Drops some of what ended by a moment. What somebody holds just now is left for the next time.
 *
 * @param before In seconds.
 * @returns How many rows were dropped; fewer than `rowsPerBatch` where hardly any are left.
 */
export async function sweepBatch(
  { db, lockFree }: Database,
  [table, key]: EndingTable,
  before: number,
): Promise<number> {
  const ended = db
    .selectFrom(table)
    .select(sql.ref<string>(key).as('key'))
    .where('ends_at', '<=', before)
    .orderBy('ends_at')
    .limit(rowsPerBatch);
  const { numDeletedRows } = await db
    .with('ended', () => lockFree(ended))
    .deleteFrom(table)
    .where(sql.ref(key), 'in', sql`(select key from ended)`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
