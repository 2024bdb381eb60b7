import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { SettableClock, testRedis } from '@keybound/testing';
import { inspect } from 'node:util';
import { onceAvailable } from '../test-servers/once-available.js';
import { describeOwnRedis, type OwnRedis } from '../test-servers/own-redis.js';
import { OwnStorage } from '../test-servers/own-storage.js';

const redis = await testRedis();
const isRequired = process.env['REQUIRE_SERVICES'] === '1';

describeOwnRedis(redis, isRequired, 'RedisStorage of which the server refuses', () => {
  let own: OwnStorage;
  let server: OwnRedis;

  const expectUnavailable = async (): Promise<void> => {
    for (const answer of await own.askEverything()) {
      expect(answer).toBeInstanceOf(StoreUnavailableError);
    }
  };

  beforeEach(async () => {
    own = await OwnStorage.start(new SettableClock());
    server = own.server;
  });

  afterEach(async () => {
    await own.close();
  });

  it('THR-66 THR-68 says so, and has written nothing, when the server is full', async () => {
    await own.count();
    const list = await Promise.all([own.fresh(), own.fresh(), own.fresh()]);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    const before = await server.command('DBSIZE');
    const refusals = await Promise.allSettled([
      own.claim(...list),
      own.count(),
      own.storage.sessions.start(own.session('new'), 'standing'),
      own.touch('standing'),
      own.storage.check(),
    ]);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: expect.any(StoreUnavailableError) as unknown });
    }
    expect(await server.command('DBSIZE')).toBe(before);
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(await own.find('new')).toBeUndefined();
    expect(await own.find('standing')).toMatchObject({ clientIds: [] });
    expect(await own.claim(...list)).toEqual({ claimed: true });
  });

  it('THR-66 THR-69 neither writes to nor reads from a server that became a replica', async () => {
    await server.command('REPLICAOF', '127.0.0.1', '1');
    await expect(own.find('standing')).rejects.toThrow(StoreUnavailableError);
    await expectUnavailable();
    await server.command('REPLICAOF', 'NO', 'ONE');
    expect(await onceAvailable(() => own.find('standing'))).toBeDefined();
  });

  it('THR-66 says so when the server wants replicas that it does not have', async () => {
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
    await expectUnavailable();
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
    for (const answer of await own.askEverything()) expect(answer).toBe('answered');
  });

  it('THR-66 says so when it is no longer let in', async () => {
    await server.stop();
    await server.start('--requirepass', 'another');
    await expectUnavailable();
    // Its first attempt to connect may have come too early.
    await onceAvailable(async () => {
      const problem: unknown = await own.storage.check().catch((error: unknown) => error);
      if (!inspect(problem).includes('NOAUTH')) throw new StoreUnavailableError('Not yet.');
    });
    await expectUnavailable();
  });

  it('THR-66 tells its scripts anew to a server that forgot them', async () => {
    await server.command('SCRIPT', 'FLUSH');
    for (const answer of await own.askEverything()) expect(answer).toBe('answered');
  });

  it('THR-66 does not take a mistake of ours for an outage', async () => {
    await server.command('DEL', '{keybound}:since');
    await server.command('HSET', '{keybound}:since', 'not', 'ours');
    const claim = own.claim(await own.fresh());
    await expect(claim).rejects.toThrow('WRONGTYPE');
    await expect(claim).rejects.not.toThrow(StoreUnavailableError);
  });
});
