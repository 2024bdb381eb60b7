import { InMemoryReplayStore, type ReplayStore } from '@keybound/core';
import type { RedisStorage } from '@keybound/storage-redis';
import type { SqlStorage } from '@keybound/storage-sql';
import { openRedisAt } from './open-redis-at.js';
import { openSql } from './open-sql.js';
import type { StorePlace } from './store-place.js';

/** What is there of a place; closed with the process. */
export interface OpenPlace {
  readonly sql: SqlStorage | undefined;
  readonly redis: RedisStorage | undefined;
  readonly replay: ReplayStore;
}

export async function openPlace(place: StorePlace): Promise<OpenPlace> {
  const sql = await openSql(place);
  const redis = await openRedisAt(place);
  return { sql, redis, replay: redis?.replay ?? sql?.replay ?? new InMemoryReplayStore() };
}
