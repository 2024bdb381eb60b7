import { z } from 'zod';

const duration = z.number().positive();

/** When a remote key set is fetched. The defaults are those of THR-63. */
export const remoteKeysTiming = z.strictObject({
  /** Shortest time between two fetches for a key that the set does not have. */
  cooldownSeconds: duration.default(30),
  /** How long a fetch that failed is not tried again. */
  failureCooldownSeconds: duration.default(30),
  /** How long a set is used where its answer says nothing (`Cache-Control: max-age`). */
  maxAgeSeconds: duration.default(600),
  /** How long the last good set is kept while no better one can be had. */
  maxStaleSeconds: duration.default(86_400),
});

export type RemoteKeysTimingInput = z.input<typeof remoteKeysTiming>;
export type RemoteKeysTiming = z.output<typeof remoteKeysTiming>;
