import type { InteractionRecord, PushedRequestRecord } from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import type { Expression, ExpressionBuilder } from 'kysely';
import type { Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { InteractionTable, PushedRequestTable, Tables } from '../database/tables.js';

/* Interactions first, then the pushed request that they came from: the order in which rows are locked. */

const insertPushed = statement((db, row: Named<PushedRequestTable>) =>
  db.insertInto('keybound_pushed_request').values(row),
);

export async function insertPushedRequest(db: Db, record: PushedRequestRecord): Promise<void> {
  const { hash, expiresAt } = record;
  const body = JSON.stringify(record);
  await insertPushed.run(db, { hash, body, expires_at: expiresAt, ends_at: expiresAt });
}

const selectPushed = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_pushed_request')
    .select('body')
    .where('hash', '=', hash)
    .where('expires_at', '>', now),
);

export async function selectPushedRequest(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<PushedRequestRecord | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await selectPushed.first(db, { hash, now });
  return row === undefined ? undefined : (JSON.parse(row.body) as PushedRequestRecord);
}

const insert = statement((db, row: Named<InteractionTable>) =>
  db.insertInto('keybound_interaction').values(row),
);

/** Its pushed request is kept past its expiry while it lasts; not found by then. */
export async function insertInteraction(db: Db, record: InteractionRecord): Promise<void> {
  await insert.run(db, interactionRow(record));
  await prolongPushedRequest(db, record);
}

const update = statement(
  (db, { now, ...row }: Named<InteractionTable & { readonly now: Seconds }>) =>
    db
      .updateTable('keybound_interaction')
      .set(row)
      .where('hash', '=', row.hash)
      .where((where) => where(where('version', '+', 1), '=', row.version))
      .where('ends_at', '>', now)
      .where((where) => where.or(openRequest(db, where, now))),
);

/** @returns Whether it was the version before, and open. */
export async function updateInteraction(
  db: Db,
  record: InteractionRecord,
  now: Seconds,
): Promise<boolean> {
  if (!isPossibleName(record.hash)) return false;
  const isChanged = await update.changes(db, { ...interactionRow(record), now });
  if (isChanged) await prolongPushedRequest(db, record);
  return isChanged;
}

const select = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_interaction')
    .select('body')
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .where((where) => where.or(openRequest(db, where, now))),
);

export async function selectInteraction(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<InteractionRecord | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await select.first(db, { hash, now });
  return row === undefined ? undefined : (JSON.parse(row.body) as InteractionRecord);
}

const remove = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .deleteFrom('keybound_interaction')
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .returning('pushed_request_hash'),
);

/** @returns Undefined where it was not open. Its pushed request is to be asked for beside. */
export async function deleteInteraction(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<{ readonly pushedRequestHash: string | null } | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await remove.first(db, { hash, now });
  return row === undefined ? undefined : { pushedRequestHash: row.pushed_request_hash };
}

const removePushed = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db.deleteFrom('keybound_pushed_request').where('hash', '=', hash).where('ends_at', '>', now),
);

/** @returns Whether it was open. */
export async function deletePushedRequest(db: Db, hash: string, now: Seconds): Promise<boolean> {
  return isPossibleName(hash) && removePushed.changes(db, { hash, now });
}

const prolongPushed = statement((db, { hash, endsAt }: Named<{ hash: string; endsAt: Seconds }>) =>
  db
    .updateTable('keybound_pushed_request')
    .set({ ends_at: endsAt })
    .where('hash', '=', hash)
    .where('ends_at', '<', endsAt),
);

async function prolongPushedRequest(
  db: Db,
  { pushedRequestHash: hash, expiresAt: endsAt }: InteractionRecord,
): Promise<void> {
  if (hash !== undefined) await prolongPushed.run(db, { hash, endsAt });
}

/** It came from no pushed request, or from one that is not used up: either will do. */
function openRequest(
  db: Db,
  where: ExpressionBuilder<Tables, 'keybound_interaction'>,
  now: Expression<Seconds>,
) {
  return [
    where('pushed_request_hash', 'is', null),
    where.exists(openPushedRequest(db, where.ref('keybound_interaction.pushed_request_hash'), now)),
  ];
}

function openPushedRequest(db: Db, hash: Expression<string | null>, now: Expression<number>) {
  return db
    .selectFrom('keybound_pushed_request as pushed')
    .select('pushed.hash')
    .where('pushed.hash', '=', hash)
    .where('pushed.ends_at', '>', now);
}

function interactionRow(record: InteractionRecord): InteractionTable {
  const { hash, version, pushedRequestHash = null, expiresAt } = record;
  return {
    hash,
    version,
    pushed_request_hash: pushedRequestHash,
    body: JSON.stringify(record),
    ends_at: expiresAt,
  };
}
