import type { Clock } from '@keybound/core';
import Libsql from 'libsql';
import { join } from 'node:path';
import { openPostgres } from '../postgres/open-postgres.js';
import type { SqlStorage } from '../sql-storage.js';
import { openSqlite } from '../sqlite/open-sqlite.js';
import { ownFolder } from './own-folder.js';
import { ownSchema } from './own-schema.js';

export type Row = Readonly<Record<string, unknown>>;

/** An empty database of a test's own, and what a test needs beside the stores. */
export interface TestDatabase {
  /** Another instance on it; it does not sweep by itself, and is closed with the database. */
  readonly open: (clock: Clock) => Promise<SqlStorage>;
  /** What somebody else reads from it, or does to it. */
  readonly query: (sql: string) => Promise<readonly Row[]>;
  readonly remove: () => Promise<void>;
}

/** A machine that is busy with something else does not void a case. */
const options = { sweepSeconds: 'off', timeoutMs: 10_000 } as const;

export async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = await ownFolder();
  const file = join(folder.path, 'own.sqlite');
  const opened: SqlStorage[] = [];
  return {
    open: async (clock) => keptIn(opened, await openSqlite({ file, clock, ...options })),
    query: async (sql) => {
      const beside = new Libsql(file);
      try {
        const statement = beside.prepare(sql);
        if (statement.reader) return statement.all() as Row[];
        statement.run();
        return [];
      } finally {
        beside.close();
      }
    },
    remove: async () => {
      for (const storage of opened) await storage.close();
      await folder.remove();
    },
  };
}

export async function postgresDatabase(url: string): Promise<TestDatabase> {
  const { schema, client, remove } = await ownSchema(url);
  const opened: SqlStorage[] = [];
  return {
    open: async (clock) => keptIn(opened, await openPostgres({ url, schema, clock, ...options })),
    query: async (sql) => (await client.query<Row>(sql)).rows,
    remove: async () => {
      for (const storage of opened) await storage.close();
      await remove();
    },
  };
}

function keptIn<Value>(list: Value[], value: Value): Value {
  list.push(value);
  return value;
}
