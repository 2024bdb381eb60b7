import { seconds, systemClock } from '@keybound/core';
import type { RedisStorage } from '@keybound/storage-redis';
import type { StorePlace } from './store-place.js';

/** A machine that is busy with something else does not void a run. */
const timeoutMs = 10_000;
const anHour = 3_600;

/**
 * Undefined where no Redis is meant. The driver is loaded only where it is.
 *
 * Its memory began an hour ago, so that fresh proofs are taken at once: at a new place none was used.
 */
export async function openRedisAt({ redis }: StorePlace): Promise<RedisStorage | undefined> {
  if (redis === undefined) return undefined;
  const { openRedis } = await import('@keybound/storage-redis');
  const clock = { now: () => seconds(systemClock.now() - anHour) };
  return openRedis({ ...redis, timeoutMs, clock });
}
