export { openPostgres } from './postgres/open-postgres.js';
export { openSqlite } from './sqlite/open-sqlite.js';
export type { PostgresOptions, SqliteOptions } from './options.schema.js';
export type { SqlStorage } from './sql-storage.js';
