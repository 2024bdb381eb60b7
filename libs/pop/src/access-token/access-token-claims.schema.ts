import { z } from 'zod';

const audience = z.union([z.string(), z.array(z.string()).min(1).max(100)]);

/** Shape of the claims of any access token that is taken. */
export const untypedClaims = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  aud: audience,
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  scope: z.string().max(8_192).optional(),
  client_id: z.string().min(1).optional(),
  azp: z.string().min(1).optional(),
  jti: z.string().optional(),
});

/** Shape of the claims of a JWT access token. RFC 9068 §2.2. */
export const rfc9068Claims = untypedClaims.extend({
  client_id: z.string().min(1),
  jti: z.string().min(1),
});

export type AccessTokenClaims = z.infer<typeof untypedClaims>;
