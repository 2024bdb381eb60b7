import { setTimeout as pause } from 'node:timers/promises';

const pauseMs = 25;

/**
 * Asks until it is so.
 *
 * @param times How often at most; 1,200 are half a minute.
 * @returns False where it never was.
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  times = 1_200,
): Promise<boolean> {
  for (let time = 0; time < times; time += 1) {
    if (await condition()) return true;
    await pause(pauseMs);
  }
  return false;
}
