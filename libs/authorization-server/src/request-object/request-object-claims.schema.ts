import { z } from 'zod';

/** Shape of what a request object says of itself; its other members are the request. RFC 9101 §4. */
export const requestObjectClaims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1).max(100)]),
  client_id: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  jti: z.string().min(1).max(256).optional(),
});

export type RequestObjectClaims = z.infer<typeof requestObjectClaims>;
