import type { Seconds } from '@keybound/core';
import type { KeyRotation } from './key-rotation.js';
import type { SigningKeys } from './signing-keys.js';

/** Keys that the server makes itself. */
export interface RotatingSigningKeys extends SigningKeys {
  readonly sharing: 'process' | 'shared';
  readonly rotation: KeyRotation;
  /**
   * Makes the next keys the current ones, and new next ones. AS-207. Other instances follow when they
   * look for changes; until then they sign with the old ones, which stay published.
   *
   * @returns False, and nothing changes, while the next keys have not been published for long enough:
   *   verifiers that keep the old set would not know them yet.
   * @throws StoreUnavailableError when the store of shared keys cannot answer.
   */
  rotate(now: Seconds): Promise<boolean>;
}

/** Keys that instances have in common. */
export interface SharedSigningKeys extends RotatingSigningKeys {
  /**
   * Looks for what other instances did, and makes what is due. It is done every `refreshSeconds` by
   * itself; readiness may ask for it as well.
   *
   * @throws StoreUnavailableError when the store cannot answer. The keys in memory go on.
   */
  refresh(): Promise<void>;
  /** Ends the looking. After what is under way. */
  close(): Promise<void>;
}
