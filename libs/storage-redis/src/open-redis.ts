import { parseConfiguration } from '@keybound/core';
import { redisOptions, type RedisOptions } from './options.schema.js';
import type { RedisStorage } from './redis-storage.js';

/**
 * Connects, and begins the replay memory where there is none. The driver is loaded here, not when
 * this package is.
 *
 * @throws ConfigurationError for options that make no sense, or a server that must not be used: a
 *   replica, one that drops keys when it is full, one that does not name its run, one that has not the
 *   database of the URL.
 * @throws StoreUnavailableError where the server cannot answer.
 */
export async function openRedis(options: RedisOptions): Promise<RedisStorage> {
  const configuration = parseConfiguration('openRedis', redisOptions, options);
  const { connectedStorage } = await import('./connected-storage.js');
  return connectedStorage(configuration);
}
