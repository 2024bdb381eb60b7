import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError, systemClock } from '@keybound/core';
import { RecordedAudit, testPostgres, testRedis } from '@keybound/testing';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { StorageSetting } from '../settings/storage-setting.js';
import type { AppStorage } from './app-storage.js';
import { openStorage } from './open-storage.js';

const postgres = await testPostgres();
const redis = await testRedis();
/** One that nobody else here uses. */
const redisUrl = new URL('/15', redis.url).href;
const nowhere = 'redis://127.0.0.1:1';

const open = (storage: StorageSetting, redisUrl?: string, storeTimeoutMs = 1_000) =>
  openStorage(
    { storage, redisUrl, storeTimeoutMs, serverNonces: 'off' },
    { clock: systemClock, audit: new RecordedAudit() },
  );

/** Who keeps what, as far as others see it. */
function sharingOf({ stores, replay, keys }: AppStorage) {
  const { grants, clients, sessions, counters } = stores;
  return Object.entries({ grants, clients, sessions, counters, replay, keys })
    .filter(([, { sharing }]) => sharing === 'shared')
    .map(([name]) => name);
}

const everything = ['grants', 'clients', 'sessions', 'counters', 'replay', 'keys'];
const record = { name: 'test', version: 1, sealed: 'x' };

describe('openStorage', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keybound-storage-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each<StorageSetting>([{ kind: 'memory' }, { kind: 'sqlite', file: ':memory:' }])(
    'THR-84 says of $kind in this process that nobody shares it',
    async (setting) => {
      const storage = await open(setting);
      expect(sharingOf(storage)).toEqual([]);
      expect(await storage.settledAt()).toBe(0);
      await storage.close();
    },
  );

  it('finds in a file what was there when it was closed', async () => {
    const file = join(folder, 'own', 'keybound.sqlite');
    const first = await open({ kind: 'sqlite', file });
    expect(sharingOf(first)).toEqual(everything);
    expect(await first.keys.replace(record)).toBe(true);
    await first.close();
    const second = await open({ kind: 'sqlite', file });
    expect(await second.keys.find('test')).toEqual(record);
    await second.close();
  });

  it('THR-84 makes a folder for it that its owner alone may enter', async () => {
    const file = join(folder, 'own', 'keybound.sqlite');
    await (await open({ kind: 'sqlite', file })).close();
    expect((await stat(join(folder, 'own'))).mode & 0o777).toBe(0o700);
  });

  it('tells where no folder can be made', async () => {
    const file = '/dev/null/keybound.sqlite';
    await expect(open({ kind: 'sqlite', file })).rejects.toThrow(ConfigurationError);
    await expect(open({ kind: 'sqlite', file })).rejects.toThrow('/dev/null');
  });

  it.each<[StorageSetting, string?]>([
    [{ kind: 'sqlite', file: ':memory:' }],
    [{ kind: 'postgres', url: 'postgres://127.0.0.1:1/nothing' }],
    [{ kind: 'memory' }, nowhere],
  ])(
    'THR-66 tells each of them how long an answer may take, which one cannot do: %j',
    async (...of) => {
      const [setting, redisUrl] = of;
      const opening = open(setting, redisUrl, -1);
      await expect(opening).rejects.toThrow(ConfigurationError);
      await expect(opening).rejects.toThrow('timeoutMs');
    },
  );

  it('THR-66 opens nothing where one of two is away', async () => {
    const file = join(folder, 'keybound.sqlite');
    await expect(open({ kind: 'sqlite', file }, nowhere)).rejects.toThrow(StoreUnavailableError);
  });
});

redis.describe('openStorage with Redis', () => {
  it('AS-272 keeps there what is asked often and may be lost, and the rest in the database', async () => {
    const storage = await open({ kind: 'sqlite', file: ':memory:' }, redisUrl);
    expect(sharingOf(storage)).toEqual(['sessions', 'counters', 'replay']);
    expect(storage.services.map(({ name }) => name)).toEqual(['database', 'redis']);
    expect(await storage.settledAt()).toBeLessThan(systemClock.now());
    await storage.close();
    await expect(storage.services[1]?.check()).rejects.toThrow(StoreUnavailableError);
  });
});

postgres.describe('openStorage with PostgreSQL', () => {
  const schema = `keybound_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const query = async (text: string) => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query(text);
    await client.end();
  };
  beforeEach(() => query(`create schema ${schema}`));
  afterEach(() => query(`drop schema ${schema} cascade`));

  it('AS-272 shares everything with all that open the same', async () => {
    const url = `${postgres.url}?options=-c%20search_path%3D${schema}`;
    const [one, other] = [
      await open({ kind: 'postgres', url }),
      await open({ kind: 'postgres', url }),
    ];
    expect(sharingOf(one)).toEqual(everything);
    expect(await one.keys.replace(record)).toBe(true);
    expect(await other.keys.find('test')).toEqual(record);
    await Promise.all(one.services.map((service) => service.check()));
    await Promise.all([one.close(), other.close()]);
  });
});
