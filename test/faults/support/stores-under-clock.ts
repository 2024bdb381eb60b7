import type { Clock } from '@keybound/core';
import { openRedis } from '@keybound/storage-redis';
import { openPostgres, openSqlite, type SqlStorage } from '@keybound/storage-sql';
import { join } from 'node:path';
import type { startSampleApp } from '../../support/running-sample-app.js';
import { ownDirectory, removeDirectory } from './own-directory.js';
import type { PostgresServer } from './postgres-server.js';
import type { RedisServer } from './redis-server.js';

type Parts = NonNullable<Parameters<typeof startSampleApp>[1]>;

/** Stores that go by a clock of the test's, for an app in this process. */
export interface StoresUnderClock {
  readonly parts: Parts;
  /** Drops all that ended, by the clock as it stands. By itself, a store believes it less. */
  sweepAll(): Promise<void>;
  close(): Promise<void>;
}

/** As often as can be. */
const sweepSeconds = 1;

/** Opens new and empty ones, on servers that may serve several tests. */
export type OpenUnderClock = (clock: Clock) => Promise<StoresUnderClock>;

export const sqliteUnderClock: OpenUnderClock = async (clock) => {
  const directory = await ownDirectory();
  const sql = await openSqlite({ file: join(directory, 'app.sqlite'), clock, sweepSeconds });
  return storesOn(sql, {}, () => removeDirectory(directory));
};

export function postgresUnderClock(server: PostgresServer): OpenUnderClock {
  return async (clock) => {
    const sql = await openPostgres({ url: await server.newDatabase(), clock, sweepSeconds });
    return storesOn(sql, {}, () => Promise.resolve());
  };
}

export function postgresAndRedisUnderClock(
  server: PostgresServer,
  cache: RedisServer,
): OpenUnderClock {
  return async (clock) => {
    await cache.age();
    const sql = await openPostgres({ url: await server.newDatabase(), clock, sweepSeconds });
    const redis = await openRedis({ url: cache.url, clock });
    const { replay, counters, sessions } = redis;
    const stores = { ...sql.stores, counters, sessions };
    return storesOn(sql, { replay, stores }, () => redis.close());
  };
}

function storesOn(sql: SqlStorage, own: Parts, end: () => Promise<void>): StoresUnderClock {
  const { stores, replay } = sql;
  return {
    parts: { stores, replay, ...own },
    sweepAll: async () => {
      while ((await sql.sweep()) > 0);
    },
    close: async () => {
      await sql.close();
      await end();
    },
  };
}
