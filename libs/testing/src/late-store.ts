import { setTimeout as pause } from 'node:timers/promises';
import type { ReplayStore } from '@keybound/core';

/**
 * A store at the far end of a network: each question takes a while to get there, and each answer to
 * come back, so that claims overtake one another. It decides as the inner store does.
 *
 * @param delaysMs How long each way takes, in milliseconds; claims take them in turn.
 */
export function answeringLate(
  store: ReplayStore,
  delaysMs: readonly [number, ...number[]] = [0, 2, 20],
): ReplayStore {
  let calls = 0;
  return {
    sharing: store.sharing,
    async claim(spends, now) {
      const there = calls++;
      await pause(delaysMs[there % delaysMs.length]);
      const outcome = await store.claim(spends, now);
      await pause(delaysMs[(there + 1) % delaysMs.length]);
      return outcome;
    },
  };
}
