import type { AuthorizationServerStores, KeyStore } from '@keybound/authorization-server';
import type { ReplayStore } from '@keybound/core';

/** Every port, kept in one database. All of them are `shared`, but for a database in memory. */
export interface SqlStorage {
  readonly stores: AuthorizationServerStores;
  readonly replay: ReplayStore;
  readonly keys: KeyStore;
  /**
   * Reads something small that is there: for readiness. A full database passes: it answers what it knows.
   *
   * @throws StoreUnavailableError when it cannot answer; also of a PostgreSQL that only reads.
   */
  check(): Promise<void>;
  /**
   * Drops a batch of what ended ten minutes ago, of each kind; it is done every `sweepSeconds` by
   * itself. The clock is taken at its word here.
   *
   * @returns How many records were dropped; 0 once nothing is left to drop.
   */
  sweep(): Promise<number>;
  /** After what is under way; what is asked of it later fails with StoreUnavailableError. */
  close(): Promise<void>;
}
