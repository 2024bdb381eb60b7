import type { TokenStatus } from '@keybound/pop';
import { isActive, type StatusContext } from './is-active.js';

/** For resource servers in the same process: whether a token was revoked. AS-141, AS-247. */
export function tokenStatus(context: StatusContext): TokenStatus {
  return {
    isActive({ claims: { jti, grant_id: grantId, client_id: clientId } }, now) {
      const named =
        typeof jti === 'string' && (grantId === undefined || typeof grantId === 'string');
      if (!named) return Promise.resolve(false);
      return isActive(context, { jti, grantId, clientId }, now);
    },
  };
}
