import { z } from 'zod';

const moment = z.number();
const identifier = z.string().min(1).max(2_048);

/** Shape of the claims of a client assertion. RFC 7523 §3, OpenID Connect Core §9. */
export const clientAssertionClaims = z.object({
  iss: identifier,
  sub: identifier,
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]),
  exp: moment,
  jti: z.string().min(1).max(256),
  iat: moment.exactOptional(),
  nbf: moment.exactOptional(),
});

export type ClientAssertionClaims = z.infer<typeof clientAssertionClaims>;
