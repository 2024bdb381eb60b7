import { accept } from '@keybound/core';
import type { TokenIntrospection } from '@keybound/pop';
import type { ServerContext } from '../server/server-context.js';
import { accessTokenAnswer } from './access-token-answer.js';
import { findOwnAccessToken } from './own-access-token.js';

/**
 * For resource servers in the same process, which judge the audience themselves; and for the server's
 * own, the grant behind the token. RFC 7662 §2.2.
 */
export function inProcessIntrospection(
  context: Pick<ServerContext, 'issuer' | 'keys' | 'stores' | 'resolveClient'>,
): TokenIntrospection {
  return {
    async introspect(token, now) {
      const found = await findOwnAccessToken(context, token, now);
      if (found === undefined) return accept({ active: false });
      const { grant_id } = found.claims;
      return accept({ ...accessTokenAnswer(found), ...(grant_id !== undefined && { grant_id }) });
    },
  };
}
