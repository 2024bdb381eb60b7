import { ConfigurationError, StoreUnavailableError, systemClock, type Clock } from '@keybound/core';
import { Kysely } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { Tables } from '../database/tables.js';
import { isUpToDate, migrate } from '../migrations/migrate.js';
import type { SqliteConfiguration } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';
import { storageOn } from '../storage-on.js';
import { beginLife, endLife } from './machine-life.js';
import { makeFile } from './make-file.js';
import { sqliteDialect } from './sqlite-dialect.js';
import { SqliteFile } from './sqlite-file.js';
import { whenFree } from './when-free.js';

/** However little patience there is later: others who start at the same moment must come to their end. */
const leastPatienceMs = 10_000;

/** The stores over one file. What it throws: see `openSqlite`. */
export async function sqliteStorage(configuration: SqliteConfiguration): Promise<SqlStorage> {
  const { file: path, maxBytes, timeoutMs, clock = systemClock } = configuration;
  const isInMemory = path === ':memory:';
  if (!isInMemory) makeFile(path);
  const file = new SqliteFile({ file: path, maxBytes });
  const databaseThat = (waitsForDisk: boolean, patienceMs = timeoutMs): Database => {
    const dialect = sqliteDialect({ file, waitsForDisk, timeoutMs: patienceMs });
    return sqliteDatabase(new Kysely({ dialect }), isInMemory ? 'process' : 'shared');
  };
  try {
    await prepare(file, databaseThat(true, Math.max(timeoutMs, leastPatienceMs)), clock);
  } catch (error) {
    file.close();
    throw notOurs(path, error);
  }
  const durable = databaseThat(true);
  return storageOn({
    durable,
    swift: databaseThat(false),
    configuration,
    close: async () => {
      await endLife(durable);
      await file.end();
    },
  });
}

/** Ready to be used: whichever process is first, and whatever was done to the file before. */
async function prepare(file: SqliteFile, database: Database, clock: Clock): Promise<void> {
  // For readers beside the one who writes.
  const makeReady = () => {
    file.exec('pragma journal_mode = wal');
  };
  await whenFree(leastPatienceMs, makeReady, wait);
  if (!(await isUpToDate(database))) await migrate(database);
  await beginLife(database, clock);
}

function sqliteDatabase(db: Kysely<Tables>, sharing: Database['sharing']): Database {
  return {
    sharing,
    db,
    hasTable: async (name) => {
      const tables = (db as Kysely<unknown> as Kysely<{ sqlite_master: { name: string } }>)
        .selectFrom('sqlite_master')
        .select('name');
      return (await tables.where('name', '=', name).executeTakeFirst()) !== undefined;
    },
    // Whoever writes is alone.
    lock: (query) => query,
    lockFree: (query) => query,
    transaction: (run) => db.transaction().execute(run),
  };
}

/** Of a file that no waiting makes a database. */
const hopeless = /^SQLITE_(NOTADB|CORRUPT|READONLY|CANTOPEN|PERM)/;

function notOurs(path: string, error: unknown): unknown {
  const cause = error instanceof StoreUnavailableError ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (!hopeless.test(code)) return error;
  const message = `openSqlite: ${path} is no SQLite database that can be written to (${code}).`;
  return new ConfigurationError(message, { cause });
}
