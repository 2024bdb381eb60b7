import { StoreUnavailableError } from '@keybound/core';
import { isBusy, unlessBug } from './unless-bug.js';

/** As SQLite itself would wait, but for that its waiting would hold up this process. */
const pausesMs = [1, 2, 5, 10, 15, 20];
const longestPauseMs = 25;

/**
 * Tries until nobody else holds the file.
 *
 * @param patienceMs How long, in all. THR-66.
 * @param pause Between two tries.
 * @throws StoreUnavailableError where it cannot be done, or not in that time.
 */
export async function whenFree<Value>(
  patienceMs: number,
  attempt: () => Value,
  pause: (ms: number) => Promise<void>,
): Promise<Value> {
  let waitedMs = 0;
  for (let tries = 0; ; tries++) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw unlessBug(error);
      if (waitedMs >= patienceMs) {
        throw new StoreUnavailableError('Another process holds the database.', { cause: error });
      }
      const pauseMs = Math.min(pausesMs[tries] ?? longestPauseMs, patienceMs - waitedMs);
      await pause(pauseMs);
      waitedMs += pauseMs;
    }
  }
}
