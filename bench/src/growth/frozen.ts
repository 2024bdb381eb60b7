import { seconds } from '@keybound/core';

/** Where stores grow, it is always now: what they hold is as old in each round as in the first. */
export const now = seconds(1_800_000_000);

/** For a store in which time stands still, and nothing is dropped unasked. */
export const frozen = { clock: { now: () => now }, sweepSeconds: 'off' } as const;
