import type { SqlStorage, SqliteOptions } from '@keybound/storage-sql';
import type { StorePlace } from './store-place.js';

/** A machine that is busy with something else does not void a run. */
const timeoutMs = 10_000;

/** Undefined where no database is meant. The driver is loaded only where it is. */
export async function openSql(
  { sqlite, postgres }: StorePlace,
  options: Omit<SqliteOptions, 'file'> = {},
): Promise<SqlStorage | undefined> {
  if (sqlite === undefined && postgres === undefined) return undefined;
  const { openPostgres, openSqlite } = await import('@keybound/storage-sql');
  if (sqlite !== undefined) return openSqlite({ ...sqlite, ...options });
  return postgres && openPostgres({ ...postgres, timeoutMs, ...options });
}
