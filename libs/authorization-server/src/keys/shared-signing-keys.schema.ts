import { portOption, positiveOption, storeOption, type AuditLog } from '@keybound/core';
import { z } from 'zod';
import type { KeyStore } from '../storage/key-store.js';
import { mostGenerations } from './due-generations.js';
import { longestGeneration } from './generation.js';
import { rotationOptions } from './rotation-options.js';
import { fittingLength } from './sealed-ring.js';

const longestRefreshSeconds = 86_400;
const mostRetired = 10;

/** Options of whoever keeps a key ring in a store. */
export const keyRingOptions = {
  store: storeOption<KeyStore>('find', 'replace'),
  /** The current one, and previous ones while they are rotated; the same on all instances. */
  secrets: z.array(z.string()).min(1).max(10),
};

/** Options of `sharedSigningKeys`. */
export const sharedSigningKeysOptions = z
  .strictObject({
    ...keyRingOptions,
    ...rotationOptions,
    /** How long a generation of keys signs; `never` leaves it to `rotate()`. */
    rotateEverySeconds: z.union([z.literal('never'), positiveOption]).default(2_592_000),
    /** How often an instance looks for what others did. */
    refreshSeconds: positiveOption.max(longestRefreshSeconds).default(60),
    /** Told of new keys, and of a store that cannot answer. */
    audit: portOption<AuditLog>('record').optional(),
  })
  .superRefine((options, context) => {
    const { publishAheadSeconds, retireAfterSeconds, refreshSeconds, rotateEverySeconds } = options;
    const leadSeconds = publishAheadSeconds + refreshSeconds;
    if (refreshSeconds > publishAheadSeconds / 2) {
      const message = `must be at most half of publishAheadSeconds (${publishAheadSeconds})`;
      context.addIssue({ code: 'custom', path: ['refreshSeconds'], message });
    }
    if (rotateEverySeconds !== 'never' && rotateEverySeconds < leadSeconds) {
      const message = `must be at least publishAheadSeconds and refreshSeconds together (${leadSeconds})`;
      context.addIssue({ code: 'custom', path: ['rotateEverySeconds'], message });
    }
    if (rotateEverySeconds !== 'never' && retireAfterSeconds > mostRetired * rotateEverySeconds) {
      const message = `must be at most ${mostRetired} times rotateEverySeconds: the ring holds all that is published`;
      context.addIssue({ code: 'custom', path: ['retireAfterSeconds'], message });
    }
    const most =
      rotateEverySeconds === 'never' ? 0 : mostGenerations({ ...options, rotateEverySeconds });
    if (most * longestGeneration(options.algorithms) > fittingLength) {
      const message = `would let the ring outgrow its 64 KiB, with up to ${most} generations: rotate less often, retire sooner, or have fewer algorithms`;
      context.addIssue({ code: 'custom', path: ['rotateEverySeconds'], message });
    }
  });

export type SharedSigningKeysOptions = z.input<typeof sharedSigningKeysOptions>;
