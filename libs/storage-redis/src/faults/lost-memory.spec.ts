import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { seconds, spendOf, StoreUnavailableError, type Spend } from '@keybound/core';
import { SettableClock, T0, testRedis } from '@keybound/testing';
import { openRedis } from '../open-redis.js';
import type { RedisStorage } from '../redis-storage.js';
import { onceAvailable } from '../test-servers/once-available.js';
import { describeOwnRedis, OwnRedis } from '../test-servers/own-redis.js';

const redis = await testRedis();
const isRequired = process.env['REQUIRE_SERVICES'] === '1';

const clockSkewSeconds = 5;
const used = { claimed: false, reason: 'used' };
const forgotten = { claimed: false, reason: 'forgotten' };

describeOwnRedis(redis, isRequired, 'RedisReplayStore that lost its memory', () => {
  let server: OwnRedis;
  const clock = new SettableClock();
  const opened: RedisStorage[] = [];

  const open = async (ownClock = clock): Promise<RedisStorage> => {
    const storage = await openRedis({ url: server.url, clock: ownClock, timeoutMs: 10_000 });
    opened.push(storage);
    return storage;
  };

  /** One that is in use for a while. */
  const settled = async (): Promise<RedisStorage> => {
    const storage = await open();
    clock.advance(90);
    return storage;
  };

  /** Something that an honest client dates now. */
  const proof = (): Promise<Spend> => {
    const since = seconds(clock.now() - clockSkewSeconds);
    const until = seconds(clock.now() + 300);
    return spendOf('proof', [crypto.randomUUID()], { since, until });
  };

  const claim = ({ replay }: RedisStorage, ...things: readonly Spend[]) =>
    replay.claim(things, clock.now());

  beforeEach(async () => {
    clock.set(T0);
    server = await OwnRedis.start();
  });

  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    await server.close();
  });

  it('THR-68 refuses after a flush what may have been used before, and takes what is newer', async () => {
    const storage = await settled();
    const [old, unused] = [await proof(), await proof()];
    expect(await claim(storage, old)).toEqual({ claimed: true });
    await server.command('FLUSHALL');
    expect(await claim(storage, old)).toMatchObject(forgotten);
    expect(await claim(storage, unused)).toMatchObject(forgotten);

    clock.set(await storage.settledAt());
    expect(await claim(storage, old)).toMatchObject(forgotten);
    const fresh = await proof();
    expect(await claim(storage, fresh)).toEqual({ claimed: true });
    expect(await claim(storage, fresh)).toMatchObject(used);
  });

  it('THR-68 takes fresh proofs at once on the first start of all, and only then', async () => {
    const first = await openRedis({ url: server.url, clock, timeoutMs: 10_000, firstStart: true });
    opened.push(first);
    await expect(first.check()).resolves.toBeUndefined();
    const thing = await proof();
    expect(await claim(first, thing)).toEqual({ claimed: true });

    await server.command('FLUSHALL');
    expect(await claim(first, thing)).toMatchObject(forgotten);
    const second = await openRedis({ url: server.url, clock, timeoutMs: 10_000, firstStart: true });
    opened.push(second);
    expect(await claim(second, thing)).toMatchObject(forgotten);
  });

  it('THR-68 refuses in every one of 25 claims what may have been used before', async () => {
    const storage = await settled();
    const old = await proof();
    await claim(storage, old);
    await server.command('FLUSHALL');
    const outcomes = await Promise.all(Array.from({ length: 25 }, () => claim(storage, old)));
    for (const outcome of outcomes) expect(outcome).toMatchObject(forgotten);
  });

  it('THR-28 THR-68 refuses after a start without data what may have been used before', async () => {
    const storage = await settled();
    const old = await proof();
    await claim(storage, old);
    await server.stop();
    await server.start();
    expect(await onceAvailable(() => claim(storage, old))).toMatchObject(forgotten);
    clock.set(await storage.settledAt());
    expect(await claim(storage, old)).toMatchObject(forgotten);
    expect(await claim(storage, await proof())).toEqual({ claimed: true });
  });

  it('THR-28 THR-68 refuses after a crash what may have been used since the last save', async () => {
    const storage = await settled();
    const [saved, lost] = [await proof(), await proof()];
    await claim(storage, saved);
    await server.command('SAVE');
    await claim(storage, lost);
    await server.stop();
    await server.start();
    expect(await onceAvailable(() => claim(storage, lost))).toMatchObject(forgotten);
    expect(await claim(storage, saved)).toMatchObject(used);
  });

  it('THR-68 uses up nothing of a list of which one may have been used before', async () => {
    const storage = await settled();
    const old = await proof();
    await server.command('FLUSHALL');
    await claim(storage, old);
    clock.set(await storage.settledAt());
    const [before, after] = [await proof(), await proof()];
    const outcome = await claim(storage, before, old, after);
    expect(outcome).toMatchObject({ ...forgotten, spent: old });
    expect(await claim(storage, before, after)).toEqual({ claimed: true });
  });

  it('THR-68 names a use that it knows of before what it may have forgotten', async () => {
    const storage = await settled();
    const old = await proof();
    await server.command('FLUSHALL');
    clock.set(await storage.settledAt());
    const known = await proof();
    await claim(storage, known);
    expect(await claim(storage, known, old)).toMatchObject({ ...used, spent: known });
    expect(await claim(storage, old, known)).toMatchObject({ ...forgotten, spent: old });
  });

  it('THR-65 THR-68 begins after the second in which it was lost, by whichever clock', async () => {
    const storage = await settled();
    const acceptableFrom = (since: number) =>
      spendOf('proof', [crypto.randomUUID()], { since: seconds(since), until: seconds(T0 + 600) });
    const lostAt = clock.now();
    const [now, ahead, next] = [
      await acceptableFrom(lostAt),
      await acceptableFrom(lostAt + 1),
      await acceptableFrom(lostAt + 2),
    ];
    await server.command('FLUSHALL');
    expect(await claim(storage, now)).toMatchObject(forgotten);
    expect(await claim(storage, ahead)).toMatchObject(forgotten);
    expect(await claim(storage, next)).toEqual({ claimed: true });
  });

  it('THR-68 is not ready before fresh proofs are taken', async () => {
    const storage = await open();
    await expect(storage.check()).rejects.toThrow(StoreUnavailableError);
    expect(await claim(storage, await proof())).toMatchObject(forgotten);
    const settledAt = await storage.settledAt();
    clock.set(settledAt - 1);
    await expect(storage.check()).rejects.toThrow(StoreUnavailableError);
    clock.set(settledAt);
    await storage.check();
    expect(await claim(storage, await proof())).toEqual({ claimed: true });

    await server.command('FLUSHALL');
    await expect(storage.check()).rejects.toThrow(StoreUnavailableError);
    expect(await storage.settledAt()).toBeGreaterThan(clock.now());
  });

  it('AS-272 THR-68 keeps its memory when another instance comes, or comes again', async () => {
    const first = await settled();
    const thing = await proof();
    await claim(first, thing);
    const second = await open();
    await second.check();
    expect(await claim(second, thing)).toMatchObject(used);
    await first.close();
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await onceAvailable(() => second.check());
    expect(await claim(second, thing)).toMatchObject(used);
    expect(await claim(second, await proof())).toEqual({ claimed: true });
  });

  it('THR-65 THR-68 refuses what was made by a clock from before its memory', async () => {
    const storage = await open();
    clock.advance(-3600);
    expect(await claim(storage, await proof())).toMatchObject(forgotten);
  });
});
