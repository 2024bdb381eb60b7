import { StoreUnavailableError } from '@keybound/core';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { endsConnection, unlessBug } from './unless-bug.js';

/** More than a server takes to say that it gives up. */
const graceMs = 250;

export interface PostgresConnectionOptions {
  readonly pool: Pool;
  /** For waiting for it and for all that is done with it, but for a grace. THR-66. */
  readonly timeoutMs: number;
  readonly preparedStatements: boolean;
}

/** A connection of the pool, for a time: what is not answered by then is given up, and it with that. */
export class PostgresConnection implements DatabaseConnection {
  /** It is the same for as long as it is connected. */
  readonly client: PoolClient;
  readonly #preparedStatements: boolean;
  readonly #deadline: NodeJS.Timeout;
  #isBroken = false;

  private constructor(
    client: PoolClient,
    deadline: NodeJS.Timeout,
    { preparedStatements }: PostgresConnectionOptions,
  ) {
    this.client = client;
    this.#deadline = deadline;
    this.#preparedStatements = preparedStatements;
  }

  static async take(options: PostgresConnectionOptions): Promise<PostgresConnection> {
    let connection: PostgresConnection | undefined;
    const deadline = setTimeout(() => connection?.giveUp(), options.timeoutMs + graceMs);
    try {
      connection = new PostgresConnection(await options.pool.connect(), deadline, options);
      return connection;
    } catch (error) {
      clearTimeout(deadline);
      throw unlessBug(error);
    }
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.#send(query);
    return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // eslint-disable-next-line require-yield -- Nothing here reads a table row by row.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    await Promise.reject(new Error('Not offered: queries are small.'));
  }

  async begin(): Promise<void> {
    await this.#send({ sql: 'begin isolation level read committed' });
  }

  /** @throws StoreUnavailableError also where it is not known whether it was done. */
  async commit(): Promise<void> {
    const { command } = await this.#send({ sql: 'commit' });
    // What the server answers where something had failed before.
    if (command !== 'COMMIT') throw new StoreUnavailableError('The database undid it.');
  }

  /** Nothing more is asked of a connection that fails: closing it undoes what was begun. */
  async rollback(): Promise<void> {
    if (this.#isBroken) return;
    try {
      await this.#send({ sql: 'rollback' });
    } catch {
      this.#isBroken = true;
    }
  }

  giveUp(): void {
    this.#isBroken = true;
    void this.client.end();
  }

  release(): void {
    clearTimeout(this.#deadline);
    this.client.release(this.#isBroken);
  }

  async #send({ sql: text, parameters = [], ...query }: Question) {
    const name = this.#preparedStatements && 'name' in query ? { name: query.name } : {};
    try {
      return await this.client.query({ ...name, text, values: [...parameters] });
    } catch (error) {
      this.#isBroken ||= endsConnection(error);
      throw unlessBug(error);
    }
  }
}

interface Question {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  /** Of one that is asked again and again: see `NamedQuery`. */
  readonly name?: string;
}
