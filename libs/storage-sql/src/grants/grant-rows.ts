import type { GrantRecord, ListedGrant } from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import type { Database, Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { GrantTable } from '../database/tables.js';

const insert = statement((db, row: Named<GrantTable>) =>
  db.insertInto('keybound_grant').values(row),
);

/** @param codeExpiresAt The grant ends with its code, unless that is redeemed. */
export async function insertGrant(
  db: Db,
  record: GrantRecord,
  codeExpiresAt: Seconds,
): Promise<void> {
  const { id, clientId, localSubject, offline, createdAt, expiresAt } = record;
  await insert.run(db, {
    id,
    client_id: clientId,
    local_subject: localSubject,
    offline: offline ? 1 : 0,
    body: JSON.stringify(record),
    created_at: createdAt,
    last_used_at: createdAt,
    expires_at: expiresAt,
    ends_at: Math.min(codeExpiresAt, expiresAt),
    revoked: 0,
  });
}

const select = statement((db, { id, now }: Named<{ id: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_grant')
    .select('body')
    .where('id', '=', id)
    .where('ends_at', '>', now)
    .where('revoked', '=', 0),
);

export async function selectGrant(
  db: Db,
  id: string,
  now: Seconds,
): Promise<GrantRecord | undefined> {
  if (!isPossibleName(id)) return undefined;
  const row = await select.first(db, { id, now });
  return row === undefined ? undefined : (JSON.parse(row.body) as GrantRecord);
}

const noteUseOf = (table: 'keybound_code' | 'keybound_refresh_token') =>
  statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
    db
      .updateTable('keybound_grant')
      .set((set) => ({ last_used_at: now, ends_at: set.ref('expires_at') }))
      .where('id', '=', (where) =>
        where.selectFrom(table).select('grant_id').where('hash', '=', hash),
      )
      .where('ends_at', '>', now)
      .where('revoked', '=', 0),
  );
const noteUseOfCode = noteUseOf('keybound_code');
const noteUseOfRefreshToken = noteUseOf('keybound_refresh_token');

/**
 * Something is issued from the grant of a code or a refresh token: from now on it lasts its time. The
 * first step of all that changes what is of a grant, since it holds the grant: others wait.
 *
 * @returns False, and nothing is held, where the grant does not live.
 */
export function noteGrantUse(
  db: Db,
  by: 'code' | 'refresh token',
  hash: string,
  now: Seconds,
): Promise<boolean> {
  return (by === 'code' ? noteUseOfCode : noteUseOfRefreshToken).changes(db, { hash, now });
}

const revoke = statement((db, { id }: Named<{ id: string }>) =>
  db
    .updateTable('keybound_grant')
    .set({ revoked: 1 })
    .where('id', '=', id)
    .where('revoked', '=', 0),
);

export async function revokeGrant(db: Db, id: string): Promise<void> {
  if (isPossibleName(id)) await revoke.run(db, { id });
}

/** Whose grants are meant, and which of them. */
export interface GrantsMeant {
  readonly column: 'client_id' | 'local_subject';
  readonly value: string;
  readonly which: 'all' | 'online';
}

/** Grants of one step, at most: few enough to hold nobody up. */
const grantsPerStep = 5_000;

/**
 * Revokes some grants, in the order of their identifiers, as all who hold several.
 *
 * @param after The last one of the step before; none is before ''.
 * @returns The last one of this step; undefined where that was all.
 */
export async function revokeSomeGrants(
  { lock }: Database,
  db: Db,
  { column, value, which }: GrantsMeant,
  after: string,
): Promise<string | undefined> {
  const meant = db
    .selectFrom('keybound_grant')
    .select('id')
    .where(column, '=', value)
    .where('id', '>', after)
    .where('revoked', '=', 0)
    .$if(which === 'online', (query) => query.where('offline', '=', 0))
    .orderBy('id')
    .limit(grantsPerStep);
  const held = await lock(meant).execute();
  const last = held.at(-1)?.id;
  if (last === undefined) return undefined;
  await db
    .updateTable('keybound_grant')
    .set({ revoked: 1 })
    .where(column, '=', value)
    .where('id', '>', after)
    .where('id', '<=', last)
    .where('revoked', '=', 0)
    .$if(which === 'online', (query) => query.where('offline', '=', 0))
    .execute();
  return held.length < grantsPerStep ? undefined : last;
}

const selectOf = statement(
  (db, { localSubject, now }: Named<{ localSubject: string; now: Seconds }>) =>
    db
      .selectFrom('keybound_grant')
      .select(['body', 'last_used_at'])
      .where('local_subject', '=', localSubject)
      .where('ends_at', '>', now)
      .where('revoked', '=', 0)
      .orderBy('created_at', 'desc'),
);

/** Newest first. */
export async function selectGrantsOf(
  db: Db,
  localSubject: string,
  now: Seconds,
): Promise<readonly ListedGrant[]> {
  if (!isPossibleName(localSubject)) return [];
  const rows = await selectOf.all(db, { localSubject, now });
  return rows.map(({ body, last_used_at: lastUsedAt }) => ({
    ...(JSON.parse(body) as GrantRecord),
    lastUsedAt: seconds(lastUsedAt),
  }));
}
