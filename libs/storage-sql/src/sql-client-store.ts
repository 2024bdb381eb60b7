import type { ClientRecord, ClientStore } from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { sql } from 'kysely';
import type { Database, Db } from './database/database.js';
import { isPossibleName } from './database/possible-name.js';
import { statement, type Named } from './database/statement.js';
import type { ClientTable } from './database/tables.js';

const insert = statement((db, row: Named<ClientTable>) =>
  db
    .insertInto('keybound_client')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const select = statement((db, { id, now }: Named<{ id: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_client')
    .select(['version', 'body', 'ends_at'])
    .where('id', '=', id)
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', now)])),
);

/** A {@link ClientStore} in a database. Each method is one statement. */
export class SqlClientStore implements ClientStore {
  readonly sharing: 'process' | 'shared';
  readonly #db: Db;

  constructor({ sharing, db }: Database) {
    this.sharing = sharing;
    this.#db = db;
  }

  add(record: ClientRecord): Promise<boolean> {
    return insert.changes(this.#db, rowOf(record));
  }

  async find(clientId: string, now: Seconds): Promise<ClientRecord | undefined> {
    if (!isPossibleName(clientId)) return undefined;
    const row = await select.first(this.#db, { id: clientId, now });
    return row === undefined ? undefined : recordOf(row);
  }

  /** A use may have come after the record was read: it is not undone. */
  async replace(record: ClientRecord): Promise<boolean> {
    const { id, version, body, ends_at: endsAt } = rowOf(record);
    if (!isPossibleName(id)) return false;
    const { numUpdatedRows } = await this.#db
      .updateTable('keybound_client')
      .set({
        version,
        body,
        ends_at: sql`case when ends_at is null then null else cast(${endsAt} as bigint) end`,
      })
      .where('id', '=', id)
      .where('version', '=', version - 1)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async remove(clientId: string): Promise<boolean> {
    if (!isPossibleName(clientId)) return false;
    const { numDeletedRows } = await this.#db
      .deleteFrom('keybound_client')
      .where('id', '=', clientId)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async markUsed(clientId: string): Promise<void> {
    if (!isPossibleName(clientId)) return;
    await this.#db
      .updateTable('keybound_client')
      .set({ ends_at: null })
      .where('id', '=', clientId)
      .where('ends_at', 'is not', null)
      .execute();
  }
}

function rowOf(record: ClientRecord): ClientTable {
  const { version, unusedExpiresAt, ...body } = record;
  return { id: record.id, version, body: JSON.stringify(body), ends_at: unusedExpiresAt ?? null };
}

function recordOf({ version, body, ends_at: endsAt }: Omit<ClientTable, 'id'>): ClientRecord {
  return {
    ...(JSON.parse(body) as Omit<ClientRecord, 'version' | 'unusedExpiresAt'>),
    version,
    unusedExpiresAt: endsAt === null ? undefined : seconds(endsAt),
  };
}
