import type { CounterStore, SessionStore } from '@keybound/authorization-server';
import type { ReplayStore, Seconds } from '@keybound/core';

/** What several instances share and may lose. */
export interface RedisStorage {
  readonly replay: ReplayStore;
  readonly counters: CounterStore;
  readonly sessions: SessionStore;
  /**
   * Asks the server for something small: for readiness.
   *
   * @throws StoreUnavailableError when it cannot answer, or while its replay memory is too young for
   *   fresh proofs to be taken (THR-68).
   */
  check(): Promise<void>;
  /**
   * The first moment at which {@link check} no longer finds the replay memory too young; a past one
   * unless it was lost or is new.
   *
   * @throws StoreUnavailableError when the server cannot answer.
   */
  settledAt(): Promise<Seconds>;
  /** After what is under way. */
  close(): Promise<void>;
}
