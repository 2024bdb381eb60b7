import Database from 'libsql';
import type { Bulk, Row } from './bulk.js';

/** Through a connection of its own. */
export class SqliteBulk implements Bulk {
  readonly #database: Database.Database;

  constructor(file: string) {
    this.#database = new Database(file);
    this.#database.pragma('synchronous = off');
  }

  async rowsNamed(table: string, key: string, names: readonly string[]): Promise<readonly Row[]> {
    const statement = this.#database.prepare(
      `select * from ${table} where ${key} in (select value from json_each(?))`,
    );
    return statement.all(JSON.stringify(names)) as Row[];
  }

  async insert(table: string, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    const values = columns.map(() => '?').join(', ');
    const statement = this.#database.prepare(
      `insert into ${table} (${columns.join(', ')}) values (${values})`,
    );
    this.#database.exec('begin');
    for (const row of rows) statement.run(...columns.map((column) => row[column]));
    this.#database.exec('commit');
  }

  async remove(table: string, key: string, names: readonly string[]): Promise<void> {
    this.#database
      .prepare(`delete from ${table} where ${key} in (select value from json_each(?))`)
      .run(JSON.stringify(names));
  }

  async tend(): Promise<void> {
    this.#database.pragma('wal_checkpoint(truncate)');
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
