import type { Seconds } from '../time/clock.js';

/**
 * One thing that may be used once: what a success would use up. Verifiers return spends; the
 * endpoint claims them last, so that a refused request uses up nothing.
 */
export interface Spend {
  /** SHA-256 over namespace and claims (see `spendOf`): 32 octets, whatever the peer sent. */
  readonly digest: Uint8Array;
  /**
   * The first moment, in seconds, at which the thing could have been accepted; `seconds(0)` where
   * nothing says. A store whose memory begins later cannot know whether it was. THR-68.
   */
  readonly since: Seconds;
  /** The first moment, in seconds, at which the thing itself could no longer be accepted. */
  readonly until: Seconds;
  /** What it is, for the refusal of a second use. */
  readonly kind: string;
}

/** When a thing that may be used once could be accepted, by the clock of whoever judges it. */
export type SpendTimes = Pick<Spend, 'since' | 'until'>;

/**
 * Remembers what was used. Contract test: `describeReplayStore` in `@keybound/testing`.
 */
export interface ReplayStore {
  /** Whether several processes see one another's claims. */
  readonly sharing: 'process' | 'shared';

  /**
   * Claims all of the spends or none, atomically: of any number of calls that share a spend,
   * whichever order they arrive in and however late the store answers, exactly one is told `claimed`.
   *
   * A claim holds until its `until`, and at least one second, judged by the caller's clock and not
   * by the store's, and is free again from that second on.
   *
   * A store that may lose its memory knows since when that reaches back, and claims nothing that
   * could have been accepted before: of such a thing it says `forgotten` (THR-68).
   *
   * @param now Seconds, from the same clock that judged the proofs.
   * @throws StoreUnavailableError when it cannot answer, or cannot remember without forgetting.
   */
  claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome>;
}

export const ReplayStore = Symbol('ReplayStore');

export type ClaimOutcome = { readonly claimed: true } | UnclaimedOutcome;

export interface UnclaimedOutcome {
  readonly claimed: false;
  /** The first of the spends that cannot be claimed. */
  readonly spent: Spend;
  /** It was used already; or it may have been, at a time of which the store's memory is gone. */
  readonly reason: 'used' | 'forgotten';
}
