import { inMemoryStores, type AuthorizationServerStores } from '@keybound/authorization-server';
import type { OpenPlace } from './open-place.js';

/** Redis has what may be lost, the database the rest; the memory of the process, where there is none. */
export function storesOf({ sql, redis }: OpenPlace): AuthorizationServerStores {
  const stores = sql?.stores ?? inMemoryStores();
  if (redis === undefined) return stores;
  return { ...stores, counters: redis.counters, sessions: redis.sessions };
}
