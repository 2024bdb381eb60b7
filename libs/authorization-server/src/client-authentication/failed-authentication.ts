import { refuse, type Refused, type Rejection } from '@keybound/core';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * Counts a failed authentication, for the client that it claimed to be and for its address; beyond the
 * limit the answer is 429. AS-91.
 *
 * Only failures are counted, and only failures are turned away: nobody can lock a client out by
 * guessing in its name, and whoever holds the secret costs no count. Clients that are not there are
 * counted alike (INV-7). An address beyond its limit is counted for nothing else: it could fill the store
 * with names that it makes up (THR-73).
 *
 * @throws StoreUnavailableError
 */
export async function failedAuthentication(
  { configuration, stores }: ServerContext,
  { view, now }: EndpointRequest,
  clientId: string | undefined,
  refusal: Refused<Rejection>,
): Promise<Refused<Rejection>> {
  const limit = configuration.failedAuthentications;
  const counted = { address: view.remoteAddress, client: clientId };
  for (const [kind, who] of Object.entries(counted)) {
    if (who === undefined) continue;
    const key = `client-authentication:${kind}:${who}`;
    const outcome = await stores.counters.count([{ ...limit, key }], now);
    if (!outcome.within) return throttled(outcome.retryAfterSeconds);
  }
  return refusal;
}

function throttled(retryAfterSeconds: number): Refused<Rejection> {
  const { failure } = reject('client_authentication.throttled', 'AS-91');
  return refuse({ ...failure, fields: [['retry-after', String(retryAfterSeconds)]] });
}
