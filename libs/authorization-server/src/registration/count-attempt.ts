import { accept, refuse, type Rejection, type Result } from '@keybound/core';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';
import type { RegistrationConfiguration } from './registration-configuration.js';

/**
 * Counts an attempt against the limit of whoever makes it. AS-216, THR-80.
 *
 * @param whose An address, an initial access token, a client.
 * @throws StoreUnavailableError
 */
export async function countAttempt(
  { stores }: Pick<ServerContext, 'stores'>,
  { limit }: RegistrationConfiguration,
  { now }: EndpointRequest,
  whose: string,
): Promise<Result<undefined, Rejection>> {
  const outcome = await stores.counters.count([{ ...limit, key: `registration:${whose}` }], now);
  if (outcome.within) return accept(undefined);
  const { failure } = reject('registration.too_many', 'AS-216');
  return refuse({ ...failure, fields: [['retry-after', String(outcome.retryAfterSeconds)]] });
}
