import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { SqliteFile, Synchronous } from './sqlite-file.js';
import { unlessBug } from './unless-bug.js';
import { whenFree } from './when-free.js';

export interface SqliteConnectionOptions {
  readonly file: SqliteFile;
  readonly synchronous: Synchronous;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * The file, in the hands of one user at a time. Who waits for another process lets others of this one
 * have their turn meanwhile, so that their waiting does not add up.
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
      this.commit();
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
    const { file, synchronous } = this.#options;
    await this.#whenFree(() => {
      file.survive(synchronous);
      file.exec('begin immediate');
    });
    this.#hasBegun = true;
  }

  commit(): void {
    orUnavailable(() => {
      this.#options.file.exec('commit');
    });
    this.#hasBegun = false;
  }

  rollback(): void {
    this.#hasBegun = false;
    orUnavailable(() => {
      this.#options.file.rollback();
    });
  }

  release(): void {
    this.#endTurn();
  }

  #whenFree<Value>(attempt: () => Value): Promise<Value> {
    const { file, timeoutMs } = this.#options;
    return whenFree(timeoutMs, attempt, async (ms) => {
      this.#endTurn();
      this.#endTurn = () => undefined;
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
