import {
  InMemoryReplayStore,
  seconds,
  type ClaimOutcome,
  type ReplayStore,
  type Seconds,
  type Spend,
} from '@keybound/core';

/** A replay store that can lose its memory, and then knows since when that reaches back. */
export class ForgetfulStore implements ReplayStore {
  readonly sharing = 'process';
  #inner = new InMemoryReplayStore();
  #since = seconds(0);

  /** @param now From here on it remembers. */
  loseMemory(now: Seconds): void {
    this.#inner = new InMemoryReplayStore();
    this.#since = now;
  }

  claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    const forgotten = spends.find(({ since }) => since < this.#since);
    if (forgotten === undefined) return this.#inner.claim(spends, now);
    return Promise.resolve({ claimed: false, spent: forgotten, reason: 'forgotten' });
  }
}
