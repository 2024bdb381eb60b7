import { afterEach, expect, it } from '@jest/globals';
import { ConfigurationError, seconds, spendOf, StoreUnavailableError } from '@keybound/core';
import { testRedis } from '@keybound/testing';
import { inspect } from 'node:util';
import { openRedis } from '../open-redis.js';
import type { RedisOptions } from '../options.schema.js';
import type { RedisStorage } from '../redis-storage.js';
import { onceAvailable } from '../test-servers/once-available.js';
import { describeOwnRedis, OwnRedis } from '../test-servers/own-redis.js';

const redis = await testRedis();
const isRequired = process.env['REQUIRE_SERVICES'] === '1';

const clock = { now: () => seconds(1_800_000_000) };
const timeoutMs = 10_000;

describeOwnRedis(redis, isRequired, 'openRedis', () => {
  let server: OwnRedis | undefined;
  const opened: RedisStorage[] = [];

  const started = async (...options: readonly string[]): Promise<OwnRedis> => {
    server = await OwnRedis.start(...options);
    return server;
  };

  const open = async (url: string, options: Partial<RedisOptions> = {}): Promise<RedisStorage> => {
    const storage = await openRedis({ url, clock, timeoutMs, ...options });
    opened.push(storage);
    return storage;
  };

  afterEach(async () => {
    server?.resume();
    for (const storage of opened.splice(0)) await storage.close();
    await server?.close();
    server = undefined;
  });

  it.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])(
    'THR-68 refuses a server that drops keys by %s, and says what to change',
    async (policy) => {
      const { url } = await started('--maxmemory-policy', policy);
      const refusal = open(url);
      await expect(refusal).rejects.toThrow(ConfigurationError);
      await expect(refusal).rejects.toThrow(
        new RegExp(`maxmemory-policy is ${policy}\\b.*noeviction`, 's'),
      );
      await expect(open(url, { eviction: 'accepted' })).resolves.toBeDefined();
    },
  );

  it('THR-68 does not go on with a server that began to drop keys', async () => {
    const { url, command } = inUse(await started());
    const storage = await open(url);
    await command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await command('CLIENT', 'KILL', 'TYPE', 'normal');
    await expect(untilCausedBy(storage, ConfigurationError)).resolves.toBeUndefined();
    await command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await expect(onceAvailable(() => storage.settledAt())).resolves.toBeDefined();
  });

  it('THR-69 refuses a replica', async () => {
    const { url } = await started('--replicaof', '127.0.0.1 1');
    const refusal = open(url);
    await expect(refusal).rejects.toThrow(ConfigurationError);
    await expect(refusal).rejects.toThrow('connect to the primary');
  });

  it('THR-66 cannot be opened where nothing listens', async () => {
    await expect(open('redis://127.0.0.1:1')).rejects.toThrow(StoreUnavailableError);
  });

  it('THR-66 cannot be opened on a server that stands still', async () => {
    const own = await started();
    own.pause();
    await expect(open(own.url, { timeoutMs: 300 })).rejects.toThrow(StoreUnavailableError);
  });

  it('THR-66 THR-76 cannot be opened with a wrong password, and does not tell it', async () => {
    const { port } = await started('--requirepass', 'right');
    const place = `127.0.0.1:${String(port)}`;
    const error: unknown = await open(`redis://:wr0ng-secret@${place}`).catch(
      (each: unknown) => each,
    );
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(inspect(error)).toContain('WRONGPASS');
    expect(inspect(error)).not.toContain('wr0ng-secret');
    await expect(open(`redis://:right@${place}`)).resolves.toBeDefined();
  });

  it('THR-66 cannot be opened on a server that is full of clients', async () => {
    const { url } = await started('--maxclients', '1');
    const storage = await open(url);
    await expect(open(url)).rejects.toThrow(StoreUnavailableError);
    await expect(storage.settledAt()).resolves.toBeDefined();
  });

  it('INV-9 cannot be opened on a database that the server does not have, and says so', async () => {
    const { url } = await started('--databases', '2');
    await expect(open(`${url}/2`)).rejects.toThrow(ConfigurationError);
    await expect(open(`${url}/2`)).rejects.toThrow('url says: ERR DB index is out of range');
    await expect(open(`${url}/1`)).resolves.toBeDefined();
  });

  it('THR-76 does not tell the password that a server repeats', async () => {
    const { port } = await started('--rename-command', 'AUTH', '', '--rename-command', 'HELLO', '');
    const url = `redis://:wr0ng-secret@127.0.0.1:${String(port)}`;
    const error: unknown = await open(url).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(inspect(error)).toContain('unknown command');
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('wr0ng-secret');
  });

  it('AS-272 needs a prefix that keeps all keys together in a cluster', async () => {
    const { url, command } = inUse(await started('--cluster-enabled', 'yes'));
    await expect(open(url, { prefix: 'keybound:' })).rejects.toThrow(ConfigurationError);
    await expect(open(url)).rejects.toThrow(StoreUnavailableError);
    await command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    const storage = await onceAvailable(() => open(url));
    const times = { since: seconds(clock.now() + 60), until: seconds(clock.now() + 90) };
    const things = [await spendOf('a', [], times), await spendOf('b', [], times)];
    expect(await storage.replay.claim(things, clock.now())).toEqual({ claimed: true });
  });
});

function inUse(server: OwnRedis) {
  return {
    url: server.url,
    command: (...words: readonly string[]) => server.command(...words),
  };
}

/** Asks until the reason why there is no answer is one of a kind. */
async function untilCausedBy(
  storage: RedisStorage,
  kind: new (message: string) => Error,
): Promise<void> {
  await onceAvailable(async () => {
    const error: unknown = await storage.settledAt().catch((each: unknown) => each);
    if (error instanceof StoreUnavailableError && error.cause instanceof kind) return;
    throw new StoreUnavailableError('Not yet.');
  });
}
