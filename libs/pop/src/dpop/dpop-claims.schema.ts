import { z } from 'zod';

const maxJtiLength = 256;

/** Shape of the claims in a DPoP proof. RFC 9449 §4.2; unknown claims are ignored. */
export const dpopClaims = z.object({
  jti: z.string().min(1).max(maxJtiLength),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  ath: z.string().optional(),
  nonce: z.string().optional(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
});

export type DpopClaims = z.infer<typeof dpopClaims>;
