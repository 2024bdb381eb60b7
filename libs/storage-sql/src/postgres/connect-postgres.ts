import { Kysely, sql } from 'kysely';
import type { Database, Db } from '../database/database.js';
import type { Tables } from '../database/tables.js';
import type { PostgresConfiguration } from '../options.schema.js';
import { openPool } from './open-pool.js';
import type { PostgresConnection } from './postgres-connection.js';
import { postgresDialect, PostgresDriver } from './postgres-dialect.js';

/** Asked before a new connection is used. */
export type Inspect = (connection: PostgresConnection, db: Db) => Promise<unknown>;

export interface ConnectedPostgres {
  readonly database: Database;
  /** When nothing is under way. */
  readonly close: () => Promise<void>;
}

/** Nothing is asked of the server yet. */
export function connectPostgres(
  configuration: PostgresConfiguration,
  inspect: Inspect,
): ConnectedPostgres {
  const { timeoutMs, preparedStatements } = configuration;
  const { pool, end } = openPool(configuration);
  const driver: PostgresDriver = new PostgresDriver({
    connection: { pool, timeoutMs, preparedStatements },
    inspect: (connection): Promise<unknown> => inspect(connection, db),
  });
  const db = new Kysely<Tables>({ dialect: postgresDialect(driver) });
  const database: Database = {
    sharing: 'shared',
    db,
    hasTable: async (name) => {
      const { rows } = await sql<{ found: boolean }>`
        select to_regclass(${name}) is not null as found`.execute(db);
      return rows[0]?.found === true;
    },
    lock: (query) => query.forUpdate(),
    lockFree: (query) => query.forUpdate().skipLocked(),
    transaction: (run) => db.transaction().execute(run),
  };
  return { database, close: end };
}
