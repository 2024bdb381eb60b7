import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import type { PoolClient } from 'pg';
import { PostgresConnection, type PostgresConnectionOptions } from './postgres-connection.js';

export interface PostgresDriverOptions {
  readonly connection: PostgresConnectionOptions;
  /** Asked before a new connection is used. */
  readonly inspect: (connection: PostgresConnection) => Promise<unknown>;
}

/** Kysely's PostgreSQL over a pool of ours, whose connections are given up where they do not answer. */
export function postgresDialect(driver: PostgresDriver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

export class PostgresDriver implements Driver {
  readonly #options: PostgresDriverOptions;
  readonly #inspected = new WeakSet<PoolClient>();

  constructor(options: PostgresDriverOptions) {
    this.#options = options;
  }

  async init(): Promise<void> {
    // The pool connects when it is asked to.
  }

  async acquireConnection(): Promise<PostgresConnection> {
    const connection = await PostgresConnection.take(this.#options.connection);
    await this.#inspect(connection);
    return connection;
  }

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as PostgresConnection).begin();
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as PostgresConnection).commit();
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as PostgresConnection).rollback();
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PostgresConnection).release();
  }

  async destroy(): Promise<void> {
    // Whoever opened the pool ends it.
  }

  async #inspect(connection: PostgresConnection): Promise<void> {
    if (this.#inspected.has(connection.client)) return;
    try {
      await this.#options.inspect(connection);
      this.#inspected.add(connection.client);
    } catch (error) {
      connection.giveUp();
      connection.release();
      throw error;
    }
  }
}
