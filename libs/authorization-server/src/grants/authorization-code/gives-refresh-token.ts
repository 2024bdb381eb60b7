import type { Client } from '../../extension/client.js';
import type { GrantRecord } from '../../storage/grant-records.js';

/** AS-178: to a client that registered for it, where the user agreed, or the operator let it. */
export function givesRefreshToken(
  { metadata, relaxations }: Pick<Client, 'metadata' | 'relaxations'>,
  { scopes }: Pick<GrantRecord, 'scopes'>,
): boolean {
  return (
    metadata.grant_types.includes('refresh_token') &&
    (scopes.includes('offline_access') || relaxations.has('refresh-without-offline-access'))
  );
}
