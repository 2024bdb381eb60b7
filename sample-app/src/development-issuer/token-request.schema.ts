import { parsePublicJwk } from '@keybound/core';
import { z } from 'zod';

const publicJwk = z.unknown().transform((value, context) => {
  const jwk = parsePublicJwk(value);
  if (jwk.ok) return jwk.value;
  context.addIssue({ code: 'custom', message: `is no usable public key - ${jwk.failure}` });
  return z.NEVER;
});

/** What the development issuer is asked for. */
export const tokenRequest = z.strictObject({
  scope: z.string().default(''),
  sub: z.string().min(1).max(255).default('alice'),
  /** The key to bind the token to, where no DPoP proof shows one. */
  jwk: publicJwk.optional(),
});
