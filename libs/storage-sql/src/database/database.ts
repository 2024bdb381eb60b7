import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.js';

/** The tables, or the same in a transaction. */
export type Db = Kysely<Tables>;

/** What stores see of either kind of database. */
export interface Database {
  readonly sharing: 'process' | 'shared';
  readonly db: Db;
  readonly hasTable: (name: string) => Promise<boolean>;
  /** Holds the rows that a query of a transaction finds, until the transaction ends. */
  readonly lock: <Query extends Lockable<Query>>(query: Query) => Query;
  /** The same, but without those that another transaction holds. */
  readonly lockFree: <Query extends Lockable<Query>>(query: Query) => Query;
  /** All of it or nothing; alone in SQLite, beside others in PostgreSQL (READ COMMITTED). */
  readonly transaction: <Value>(
    run: (transaction: Transaction<Tables>) => Promise<Value>,
  ) => Promise<Value>;
}

interface Lockable<Query> {
  forUpdate(): Query;
  skipLocked(): Query;
}
