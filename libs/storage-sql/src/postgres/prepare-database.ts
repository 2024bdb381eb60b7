import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { sql } from 'kysely';
import type { Database, Db } from '../database/database.js';
import { isUpToDate, migrate } from '../migrations/migrate.js';
import type { PostgresConfiguration } from '../options.schema.js';
import { connectPostgres } from './connect-postgres.js';
import { inspectServer } from './inspect-server.js';
import { sqlState } from './unless-bug.js';

/** Making tables may take longer than a request, and others may be at it. */
const leastPatienceMs = 60_000;
/** Held by whoever migrates; a number of ours. */
const migrationLock = 5_283_410_992;

/**
 * Brings the database up to date, where it is not.
 *
 * @throws ConfigurationError where it cannot be used.
 * @throws StoreUnavailableError where it does not answer.
 */
export async function prepareDatabase(configuration: PostgresConfiguration): Promise<void> {
  const { schema, timeoutMs } = configuration;
  try {
    if (await over(configuration, isUpToDate)) return;
    const patient = { ...configuration, timeoutMs: Math.max(timeoutMs, leastPatienceMs) };
    await over(patient, (database) =>
      migrate(database, async (db) => {
        await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(db);
        if (schema !== undefined) await makeSchema(db, schema);
      }),
    );
  } catch (error) {
    throw unlessMisconfigured(error);
  }
}

/** Where there is none: an account that may not make one may use what is there. */
async function makeSchema(db: Db, schema: string): Promise<void> {
  const { rows } = await sql`select 1 where to_regnamespace(${schema}) is not null`.execute(db);
  if (rows.length === 0) await db.schema.createSchema(schema).execute();
}

/** Does something over one connection, which is closed then. */
async function over<Value>(
  configuration: PostgresConfiguration,
  act: (database: Database) => Promise<Value>,
): Promise<Value> {
  const { database, close } = connectPostgres(
    { ...configuration, maxConnections: 1 },
    inspectServer,
  );
  try {
    return await act(database);
  } finally {
    await close();
  }
}

function unlessMisconfigured(error: unknown): unknown {
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
  if (cause instanceof ConfigurationError) return cause;
  if (sqlState(cause) !== '42501') return error;
  return new ConfigurationError(
    'openPostgres: tables are missing or may not be used, and the account may not make them.',
    { cause },
  );
}
