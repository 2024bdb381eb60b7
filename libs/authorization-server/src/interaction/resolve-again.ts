import { accept, type Rejection, type Result } from '@keybound/core';
import { isRegistered } from '../authorization/redirect-uri.js';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * The client of a request that was checked a while ago, if it is there still, found the same way, and
 * the redirect URI is still its own (AS-29).
 */
export async function resolveAgain(
  context: ServerContext,
  request: AuthorizationRequest,
): Promise<Result<Client, Rejection>> {
  const now = context.clock.now();
  const resolution = { endpoint: 'authorization', unverifiedHeader: undefined, now };
  const resolved = await context.resolveClient(request.clientId, resolution);
  if (!resolved.ok) return resolved;
  const client = resolved.value;
  if (client.source !== request.clientSource) {
    return reject('interaction.client', 'AS-29', {
      expected: request.clientSource,
      actual: client.source,
    });
  }
  if (client.expiresAt !== undefined && client.expiresAt <= now) {
    return reject('interaction.client', 'AS-29', { expected: 'a client that is trusted still' });
  }
  if (!isRegistered(request.redirectUri, client)) {
    return reject('interaction.client', 'AS-29', { actual: request.redirectUri });
  }
  return accept(client);
}
