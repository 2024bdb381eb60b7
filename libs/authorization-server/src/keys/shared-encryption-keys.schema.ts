import { jwkOption } from '@keybound/core';
import { z } from 'zod';
import { keyRingOptions } from './shared-signing-keys.schema.js';

/** Options of `sharedEncryptionKeys`. */
export const sharedEncryptionKeysOptions = z.strictObject({
  ...keyRingOptions,
  /** Of the ring; one for each resource that has keys of its own. */
  name: z
    .string()
    .regex(/^[\x20-\x7e]{1,64}$/, 'must be up to 64 characters of printable ASCII')
    .refine((name) => name !== 'signing', 'is the ring of signing keys')
    .default('api-encryption'),
});

export type SharedEncryptionKeysOptions = z.input<typeof sharedEncryptionKeysOptions>;

const pair = z.strictObject({ publicJwk: jwkOption, privateJwk: jwkOption });

/** What the ring holds: the pair to which is encrypted, and while that is replaced another one. */
export const encryptionRingSchema = z.strictObject({
  current: pair,
  /** Not encrypted to before every instance has it. */
  next: pair.optional(),
  /** Not encrypted to any more. */
  previous: pair.optional(),
});

export type EncryptionRing = z.infer<typeof encryptionRingSchema>;
