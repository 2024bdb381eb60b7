import type { Seconds } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';

/** What the store knows a token by, and to whom it was issued. */
export interface NamedToken {
  readonly jti: string;
  readonly grantId: string | undefined;
  readonly clientId: unknown;
}

export type StatusContext = Pick<ServerContext, 'stores' | 'resolveClient'>;

/** As registration names clients. */
const registered = 'client_';

/**
 * Whether a token is neither revoked nor of a grant that ended. AS-141, AS-247.
 *
 * A client's own token has no grant that would end with its client, so that the client is looked for:
 * of those that can go at any time, which are the registered ones. AS-220.
 *
 * @throws StoreUnavailableError
 */
export async function isActive(
  { stores, resolveClient }: StatusContext,
  { jti, grantId, clientId }: NamedToken,
  now: Seconds,
): Promise<boolean> {
  if (!(await stores.grants.isAccessTokenActive({ jti, grantId }, now))) return false;
  if (grantId !== undefined || typeof clientId !== 'string' || !clientId.startsWith(registered)) {
    return true;
  }
  const resolution = { endpoint: 'introspection', unverifiedHeader: undefined, now };
  return (await resolveClient(clientId, resolution)).ok;
}
