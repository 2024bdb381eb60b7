import { StoreUnavailableError } from '@keybound/core';
import { setTimeout as pause } from 'node:timers/promises';

/** Asks a store until it can answer. Whoever waits for too long is ended by the test's own limit. */
export async function onceAvailable<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      await pause(20);
    }
  }
}
