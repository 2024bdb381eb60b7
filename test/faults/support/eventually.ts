import { setTimeout as pause } from 'node:timers/promises';

const pauseMs = 25;
/** Two minutes. */
const tries = 4_800;

/** Asks until it is so. @returns False where it never was. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tried = 0; tried < tries; tried += 1) {
    if (await condition()) return true;
    await pause(pauseMs);
  }
  return false;
}
