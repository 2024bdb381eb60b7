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

/** What the ring holds: the pair to which is encrypted, and previous ones. */
export const encryptionKeysSchema = z
  .array(z.strictObject({ publicJwk: jwkOption, privateJwk: jwkOption }))
  .min(1);
