import { z } from 'zod';
import { sharedEncryptionKeysOptions } from './shared-encryption-keys.schema.js';

/** Options of `rotateEncryptionKeys`. */
export const rotateEncryptionKeysOptions = sharedEncryptionKeysOptions.extend({
  /** What the new pair is to be when it was taken. */
  step: z.enum(['next', 'current', 'alone']),
});

export type RotateEncryptionKeysOptions = z.input<typeof rotateEncryptionKeysOptions>;
