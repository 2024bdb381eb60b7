import { portOption, signatureAlgorithmNames, type Clock } from '@keybound/core';
import { z } from 'zod';

/** What every kind of rotating keys is told. */
export const rotationOptions = {
  /** OpenID Connect asks for RS256 beside whatever is preferred (Discovery §3). */
  algorithms: z
    .array(z.enum(signatureAlgorithmNames))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names an algorithm twice')
    .default(['ES256', 'RS256']),
  /** How long a key is published before it signs: as long as verifiers may keep the set. */
  publishAheadSeconds: z.number().int().nonnegative().default(900),
  /** How long a key is published after it signed last: the longest life of a token, and a margin. */
  retireAfterSeconds: z.number().int().positive().default(3_900),
  clock: portOption<Clock>('now').optional(),
};
