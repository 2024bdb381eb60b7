import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { SqliteFile } from './sqlite-file.js';
import { unlessBug } from './unless-bug.js';
import { whenFree } from './when-free.js';

export interface SqliteConnectionOptions {
  readonly file: SqliteFile;
  /** Whether what is committed must survive a machine that fails. */
  readonly waitsForDisk: boolean;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * The file, in the hands of one user at a time. Who waits for another process, or for the disk, lets
 * others of this one have their turn meanwhile, so that their waiting does not add up. These see what is
 * committed while the disk has yet to take it: if it fails to, nobody was told that it was done.
 *
 * Whatever writes takes the right to do so first, by a statement of its own: so none fails half-way for
 * want of it.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #options: SqliteConnectionOptions;
  #endTurn: () => void = () => undefined;
  #hasBegun = false;

  private constructor(options: SqliteConnectionOptions) {
    this.#options = options;
  }

  static async take(options: SqliteConnectionOptions): Promise<SqliteConnection> {
    const connection = new SqliteConnection(options);
    connection.#endTurn = await options.file.turns.take();
    return connection;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { file } = this.#options;
    if (this.#hasBegun) return orUnavailable(() => file.run<Row>(query));
    if (query.query.kind === 'SelectQueryNode') return this.#whenFree(() => file.run<Row>(query));
    await this.begin();
    try {
      const result = orUnavailable(() => file.run<Row>(query));
      await this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  // eslint-disable-next-line require-yield -- Nothing here reads a table row by row.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    await Promise.reject(new Error('Not offered: queries are small.'));
  }

  async begin(): Promise<void> {
    const { file } = this.#options;
    await this.#whenFree(() => {
      file.begin();
    });
    this.#hasBegun = true;
  }

  /** Its turn is over then. */
  async commit(): Promise<void> {
    const { file, waitsForDisk } = this.#options;
    orUnavailable(() => {
      file.exec('commit');
    });
    this.#hasBegun = false;
    this.release();
    if (waitsForDisk) await file.synced();
  }

  rollback(): void {
    this.#hasBegun = false;
    orUnavailable(() => {
      this.#options.file.rollback();
    });
  }

  release(): void {
    this.#endTurn();
    this.#endTurn = () => undefined;
  }

  #whenFree<Value>(attempt: () => Value): Promise<Value> {
    const { file, timeoutMs } = this.#options;
    return whenFree(timeoutMs, attempt, async (ms) => {
      this.release();
      await wait(ms);
      this.#endTurn = await file.turns.take();
    });
  }
}

function orUnavailable<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw unlessBug(error);
  }
}
