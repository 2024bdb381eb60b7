import { z } from 'zod';
import { rotationOptions } from './rotation-options.js';

/** Options of `generatedSigningKeys`. */
export const generatedSigningKeysOptions = z.strictObject(rotationOptions);

export type GeneratedSigningKeysOptions = z.input<typeof generatedSigningKeysOptions>;
