import {
  InMemoryReplayStore,
  type ClaimOutcome,
  type ReplayStore,
  type Seconds,
  type Spend,
} from '@keybound/core';

/** A replay store that tells how often it was asked, and what for. */
export class CountingStore implements ReplayStore {
  readonly sharing = 'process';
  readonly spends: Spend[] = [];

  constructor(readonly inner: ReplayStore = new InMemoryReplayStore()) {}

  get claims(): number {
    return this.spends.length;
  }

  claim(spends: readonly Spend[], now: Seconds): Promise<ClaimOutcome> {
    this.spends.push(...spends);
    return this.inner.claim(spends, now);
  }
}
