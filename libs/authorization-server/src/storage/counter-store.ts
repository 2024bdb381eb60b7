import type { Seconds } from '@keybound/core';

export interface CountLimit {
  readonly limit: number;
  /** From the first of them on, in seconds. */
  readonly windowSeconds: number;
}

export type CountOutcome =
  | { readonly within: true }
  /** @property retryAfterSeconds Until the window ends; at least 1. */
  | { readonly within: false; readonly retryAfterSeconds: number };

/**
 * Counts attempts. Contract test: `describeCounterStore` in `@keybound/testing`.
 *
 * @throws StoreUnavailableError when it cannot answer.
 */
export interface CounterStore {
  readonly sharing: 'process' | 'shared';
  /**
   * Counts one more under every key, atomically, also where another of them is over its limit. Of any
   * number of calls at once, exactly `limit` are within. Not within where one of the keys is over its
   * limit; the longest wait of those is told.
   *
   * A window begins with the first count under a key and lasts its seconds; neither what is refused nor
   * a clock that steps back changes its end. Then the next one begins.
   *
   * @param keys Names of what is counted, of any length and text: a store keeps their hashes. All
   *             different, in any order: lock them in one order of your own.
   */
  count(
    keys: readonly (CountLimit & { readonly key: string })[],
    now: Seconds,
  ): Promise<CountOutcome>;
  /** Starts a key anew, after a success. */
  reset(key: string): Promise<void>;
}
