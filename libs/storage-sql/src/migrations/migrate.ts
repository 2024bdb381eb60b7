import type { Database, Db } from '../database/database.js';
import { firstSchema } from './0001-first-schema.js';

/** Names are never changed. Each only adds, so that older instances go on beside newer ones (THR-70). */
const migrations: Readonly<Record<string, (db: Db) => Promise<void>>> = {
  '0001-first-schema': firstSchema,
};

/** Whether there is nothing to do. What a newer version of this library did stays, and does no harm. */
export async function isUpToDate({ db, hasTable }: Database): Promise<boolean> {
  return (await hasTable('keybound_migration')) && (await outstanding(db)).length === 0;
}

/**
 * Brings a database up to date, all or nothing; of several processes at once, one does it.
 *
 * @param begin The first step of the transaction. Others who migrate wait for its end.
 */
export async function migrate(
  { transaction }: Database,
  begin: (db: Db) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await transaction(async (db) => {
    await begin(db);
    await db.schema
      .createTable('keybound_migration')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .execute();
    for (const [name, migration] of await outstanding(db)) {
      await migration(db);
      await db.insertInto('keybound_migration').values({ name }).execute();
    }
  });
}

async function outstanding(db: Db) {
  const rows = await db.selectFrom('keybound_migration').select('name').execute();
  const done = new Set(rows.map(({ name }) => name));
  return Object.entries(migrations).filter(([name]) => !done.has(name));
}
