import type { INestApplication } from '@nestjs/common';
import { Settings } from '../settings/settings.js';
import { AppDrain } from './app-drain.js';

const signals = ['SIGTERM', 'SIGINT'] as const;

/** For requests that are on their way on connections that are kept. */
const idleMs = 1_000;

/**
 * Ends the process when it is asked to: at the first signal once everything that is under way is done,
 * with exit code 0; at the second at once, with 1. THR-71.
 *
 * @param failed Is told what kept the app from closing; the exit code is 1 then.
 */
export function endOnSignals(app: INestApplication, failed: (error: unknown) => void): void {
  let isEnding = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      isEnding = true;
      end(app).then(
        () => process.exit(0),
        (error: unknown) => {
          failed(error);
          process.exit(1);
        },
      );
    });
  }
}

async function end(app: INestApplication): Promise<void> {
  const { shutdownDelaySeconds } = app.get<Settings>(Settings);
  await app.get(AppDrain).drain({ acceptMs: shutdownDelaySeconds * 1_000, idleMs });
  await app.close();
}
