import type { AuthorizationServerStores, KeyStore } from '@keybound/authorization-server';
import type { ReplayStore, Seconds } from '@keybound/core';

/** Everything that the app remembers. */
export interface AppStorage {
  readonly stores: AuthorizationServerStores;
  readonly replay: ReplayStore;
  readonly keys: KeyStore;
  /** What is asked for it, in other processes and on disks. */
  readonly services: readonly BackingService[];
  /**
   * The first moment at which fresh proofs are taken: where replay memory has only just begun, they
   * could have been used before. THR-68.
   */
  settledAt(): Promise<Seconds>;
  /** After what is under way. */
  close(): Promise<void>;
}

/** Something that the app cannot do without. */
export interface BackingService {
  /** As operators know it. */
  readonly name: string;
  /** @throws StoreUnavailableError when it cannot answer. */
  check(): Promise<void>;
}
