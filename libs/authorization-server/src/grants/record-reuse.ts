import type { Client } from '../extension/client.js';
import type { TokenRequest } from '../extension/token-request.js';
import type { ServerContext } from '../server/server-context.js';

/**
 * Tells the operator that a code or a refresh token was used again: somebody else has it, and the store
 * revoked the grant and all that came of it. THR-49, THR-50.
 */
export function recordReuse(
  { audit }: Pick<ServerContext, 'audit'>,
  code: 'code_reuse' | 'refresh_reuse',
  grantId: string,
  { client, view }: Pick<TokenRequest, 'view'> & { readonly client: Pick<Client, 'id'> },
): void {
  audit.record({
    kind: 'reuse',
    code,
    grantId,
    clientId: client.id,
    ...(view.remoteAddress !== undefined && { remoteAddress: view.remoteAddress }),
  });
}
