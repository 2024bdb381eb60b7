import { setTimeout as pause } from 'node:timers/promises';
import type { AppParts } from '../app-parts.js';

/**
 * Resolves when fresh proofs are taken, and tells why it waits. THR-68.
 *
 * @throws StoreUnavailableError where the store goes away meanwhile.
 */
export async function untilSettled(
  { clock, settledAt }: Pick<AppParts, 'clock' | 'settledAt'>,
  say: (line: string) => void,
): Promise<void> {
  let hasTold = false;
  for (;;) {
    const waitSeconds = (await settledAt()) - clock.now();
    if (waitSeconds <= 0) return;
    if (!hasTold) {
      say(
        `Redis has only just begun to remember what was used: listening in ${waitSeconds} s, when no proof can be older than its memory.`,
      );
    }
    hasTold = true;
    await pause(waitSeconds * 1_000);
  }
}
