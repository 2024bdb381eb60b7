import { signatureAlgorithmNames } from '@keybound/core';
import { z } from 'zod';

const id = z.number().int().nonnegative();
const kid = z.string().length(43);

/** What may be asked of a key holder. Answers bear the number of their question; any order will do. */
export const question = z.discriminatedUnion('ask', [
  z.strictObject({ id, ask: z.literal('keys') }),
  z.strictObject({ id, ask: z.literal('sign'), kid, data: z.string().regex(/^[ -~]+$/) }),
]);
export type Question = z.output<typeof question>;

/** Which keys it holds; each is named by its thumbprint. */
const heldKeys = z.strictObject({
  id,
  keys: z
    .array(
      z.strictObject({
        algorithm: z.enum(signatureAlgorithmNames),
        publicJwk: z.record(z.string(), z.string()),
      }),
    )
    .min(1),
});

/** A signature as JWS wants it, in base64url. */
export const signature = z.strictObject({ id, signature: z.string() });

/** Why there is none: a key that it does not hold, or a question that it does not understand. */
const noAnswer = z.strictObject({ id, error: z.enum(['unknown key', 'malformed']) });

export const answer = z.union([heldKeys, signature, noAnswer]);
export type Answer = z.output<typeof answer>;
