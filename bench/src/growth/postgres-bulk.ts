import pg from 'pg';
import type { Bulk, Row } from './bulk.js';

/** Through a connection of its own. */
export class PostgresBulk implements Bulk {
  private constructor(private readonly client: pg.Client) {}

  static async open(url: string, schema: string): Promise<PostgresBulk> {
    const client = new pg.Client({
      connectionString: url,
      options: `-c search_path=${schema} -c synchronous_commit=off`,
    });
    await client.connect();
    return new PostgresBulk(client);
  }

  async rowsNamed(table: string, key: string, names: readonly string[]): Promise<readonly Row[]> {
    const { rows } = await this.client.query<Row>(`select * from ${table} where ${key} = any($1)`, [
      names,
    ]);
    return rows;
  }

  async insert(table: string, rows: readonly Row[]): Promise<void> {
    await this.client.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }

  async remove(table: string, key: string, names: readonly string[]): Promise<void> {
    await this.client.query(`delete from ${table} where ${key} = any($1)`, [names]);
  }

  async tend(): Promise<void> {
    for (const table of await this.#tables()) await this.client.query(`vacuum analyze ${table}`);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async #tables(): Promise<readonly string[]> {
    const { rows } = await this.client.query<{ tablename: string }>(
      'select tablename from pg_tables where schemaname = current_schema()',
    );
    return rows.map(({ tablename }) => tablename);
  }
}
