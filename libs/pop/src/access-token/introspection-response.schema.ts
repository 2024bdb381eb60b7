import { z } from 'zod';
import { untypedClaims } from './access-token-claims.schema.js';

/**
 * Shape of the response about an active token. RFC 7662 §2.2. Of what it may leave out we ask for
 * `aud` and `exp`: without them nobody knows for whom and until when it is.
 */
export const activeToken = untypedClaims
  .omit({ iat: true })
  .extend({
    active: z.literal(true),
    iss: z.string().optional(),
    sub: z.string().min(1).optional(),
    token_type: z.string().optional(),
  })
  .refine(({ sub, client_id: clientId }) => (sub ?? clientId) !== undefined, 'has neither subject');
