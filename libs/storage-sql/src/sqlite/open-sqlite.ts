import { parseConfiguration } from '@keybound/core';
import { sqliteOptions, type SqliteOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';

/**
 * Every port in one file, which survives the process. Several processes of one machine can share it;
 * whoever writes, writes alone. What was answered survives a machine that fails too, but for replay
 * memory and counters: these may lose their last moments, and replay memory then says so (THR-68).
 *
 * The driver is loaded here, not when this package is.
 *
 * @throws ConfigurationError for options that make no sense, and for a file that is no database.
 * @throws StoreUnavailableError where the file cannot be used now.
 */
export async function openSqlite(options: SqliteOptions): Promise<SqlStorage> {
  const configuration = parseConfiguration('openSqlite', sqliteOptions, options);
  const { sqliteStorage } = await import('./sqlite-storage.js');
  return sqliteStorage(configuration);
}
