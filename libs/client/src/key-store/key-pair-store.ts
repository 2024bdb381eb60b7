import type { KeyPair } from '@keybound/core';

/**
 * Where a client keeps its key pairs, e.g. IndexedDB, which stores keys that cannot be extracted.
 *
 * Names are text of any length. Both methods throw when the store cannot answer.
 */
export interface KeyPairStore {
  find(name: string): Promise<KeyPair | undefined>;

  /** Atomic: keeps the pair unless the name has one by now, and returns the one that is kept. */
  keepFirst(name: string, pair: KeyPair): Promise<KeyPair>;
}
