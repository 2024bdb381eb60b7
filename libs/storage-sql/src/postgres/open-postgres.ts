import { parseConfiguration } from '@keybound/core';
import { postgresOptions, type PostgresOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';

/**
 * Every port in one PostgreSQL database, which several instances share.
 *
 * The account may create tables, or they are there already. It is the primary that answers: a replica
 * lags behind, and what was used once would look unused there (THR-69).
 *
 * The driver is loaded here, not when this package is.
 *
 * @throws ConfigurationError for options that make no sense, and for a database that cannot be used: a
 *   replica, another encoding than UTF-8, tables that are missing and may not be made.
 * @throws StoreUnavailableError where the server cannot answer now.
 */
export async function openPostgres(options: PostgresOptions): Promise<SqlStorage> {
  const configuration = parseConfiguration('openPostgres', postgresOptions, options);
  const { postgresStorage } = await import('./postgres-storage.js');
  return postgresStorage(configuration);
}
