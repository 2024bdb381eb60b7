import type { Client } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import type { GrantRecord } from '../storage/grant-records.js';
import type { Seconds } from '@keybound/core';

/**
 * The grant behind a code or a refresh token, while it is valid and its client is the one that it was
 * given to: one identifier resolves one way only, or another client could take its place.
 */
export async function validGrant(
  { stores }: Pick<ServerContext, 'stores'>,
  grantId: string,
  client: Client,
  now: Seconds,
): Promise<GrantRecord | undefined> {
  const grant = await stores.grants.findGrant(grantId, now);
  if (grant === undefined || grant.expiresAt <= now) {
    return undefined;
  }
  return grant.clientId === client.id && grant.clientSource === client.source ? grant : undefined;
}
