import { InMemoryKeyStore, inMemoryStores, type KeyStore } from '@keybound/authorization-server';
import { InMemoryReplayStore, seconds, type AuditLog, type Clock } from '@keybound/core';
import type { RedisOptions } from '@keybound/storage-redis';
import { dirname } from 'node:path';
import { isDurable } from '../settings/storage-setting.js';
import type { Settings } from '../settings/settings.js';
import type { AppStorage } from './app-storage.js';
import { settleSeconds } from './settle-seconds.js';
import { makeFolder, ownFolder, stateFolder } from './state-folder.js';

type StorageSettings = Pick<Settings, 'storage' | 'redisUrl' | 'storeTimeoutMs' | 'serverNonces'>;

interface StorageParts {
  readonly clock: Clock;
  /** Learns what goes wrong where nobody waits for an answer. */
  readonly audit: AuditLog;
}

/**
 * Opens what `STORAGE` and `REDIS_URL` name. Redis, where there is one, keeps what is asked often and
 * may be lost: replay memory, counters and sessions; the database keeps the rest, or all of it.
 *
 * Drivers are loaded when they are used.
 *
 * @throws ConfigurationError and StoreUnavailableError, in words for the operator.
 */
export async function openStorage(
  settings: StorageSettings,
  parts: StorageParts,
): Promise<AppStorage> {
  const database = await openDatabase(settings, parts);
  if (settings.redisUrl === undefined) return database;
  try {
    return await withRedis(database, {
      url: settings.redisUrl,
      timeoutMs: settings.storeTimeoutMs,
      settleSeconds: settleSeconds(settings),
      firstStart: await isFirstStart(database.keys),
      clock: parts.clock,
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openDatabase(
  { storage, storeTimeoutMs: timeoutMs }: StorageSettings,
  parts: StorageParts,
): Promise<AppStorage> {
  if (storage.kind === 'memory') return inMemory();
  if (storage.kind === 'sqlite' && isDurable(storage)) await folderFor(storage.file);
  const { openPostgres, openSqlite } = await import('@keybound/storage-sql');
  const sql =
    storage.kind === 'sqlite'
      ? await openSqlite({ file: storage.file, timeoutMs, ...parts })
      : await openPostgres({ url: storage.url, timeoutMs, ...parts });
  const { stores, replay, keys } = sql;
  return {
    stores,
    replay,
    keys,
    services: [{ name: 'database', check: () => sql.check() }],
    settledAt: longAgo,
    close: () => sql.close(),
  };
}

/** Others may be let into a folder that the operator named; not into the app's own. */
function folderFor(file: string): Promise<void> {
  const folder = dirname(file);
  return folder === stateFolder ? ownFolder(folder) : makeFolder(folder);
}

function inMemory(): AppStorage {
  return {
    stores: inMemoryStores(),
    replay: new InMemoryReplayStore(),
    keys: new InMemoryKeyStore(),
    services: [],
    settledAt: longAgo,
    close: () => Promise.resolve(),
  };
}

async function withRedis(database: AppStorage, options: RedisOptions): Promise<AppStorage> {
  const { openRedis } = await import('@keybound/storage-redis');
  const redis = await openRedis(options);
  const { replay, counters, sessions } = redis;
  return {
    stores: { ...database.stores, counters, sessions },
    replay,
    keys: database.keys,
    services: [...database.services, { name: 'redis', check: () => redis.check() }],
    settledAt: () => redis.settledAt(),
    close: async () => {
      try {
        await redis.close();
      } finally {
        await database.close();
      }
    },
  };
}

/** Keys are saved once this is open: where there are none, no instance has served anything yet. */
async function isFirstStart(keys: KeyStore): Promise<boolean> {
  return (await keys.find('api-encryption')) === undefined;
}

function longAgo() {
  return Promise.resolve(seconds(0));
}
