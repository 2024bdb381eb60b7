import type { Rejection, Result } from '@keybound/core';
import type { Client, ClientResolution } from '../extension/client.js';
import { reject } from './rejections.js';
import type { ServerContext } from './server-context.js';

/** Identifiers can be URLs (federation, client documents), and nobody registers longer ones. */
const maxClientIdLength = 2_048;
/** VSCHAR of RFC 6749 appendix A.1. */
const clientIdText = /^[ -~]+$/;

/**
 * Asks the resolvers in order; the first that knows an identifier answers for it.
 *
 * @throws StoreUnavailableError, UpstreamError
 */
export async function resolveClient(
  { extensions }: Pick<ServerContext, 'extensions'>,
  clientId: string,
  resolution: ClientResolution,
): Promise<Result<Client, Rejection>> {
  if (clientId.length <= maxClientIdLength && clientIdText.test(clientId)) {
    for (const resolver of extensions.clientResolvers) {
      const resolved = await resolver.resolve(clientId, resolution);
      if (resolved !== undefined) return resolved;
    }
  }
  return reject('client.unknown', 'AS-80', { actual: clientId });
}
