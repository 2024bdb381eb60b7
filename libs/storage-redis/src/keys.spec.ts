import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionRecord } from '@keybound/authorization-server';
import { seconds, spendOf } from '@keybound/core';
import { testRedis } from '@keybound/testing';
import { createClient, RESP_TYPES, type RedisClientType } from 'redis';
import { openRedis } from './open-redis.js';
import type { RedisStorage } from './redis-storage.js';
import { describeOwnRedis, OwnRedis } from './test-servers/own-redis.js';

const redis = await testRedis();
const isRequired = process.env['REQUIRE_SERVICES'] === '1';

const day = 86_400;
const margin = 600;

describeOwnRedis(redis, isRequired, 'what RedisStorage keeps', () => {
  let server: OwnRedis;
  let storage: RedisStorage;
  let client: RedisClientType;
  /** The server's own time, in seconds. */
  let serverTime: number;

  /** All but the marker. */
  const keys = async (): Promise<readonly Buffer[]> => {
    const octets = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    return octets.keys('*:[rcs]:*');
  };

  /** Of the one key that there is. */
  const secondsLeft = async (): Promise<number> => {
    const [key, ...others] = await keys();
    expect(others).toEqual([]);
    return client.ttl(key ?? '');
  };

  const claim = async (now: number, until: number): Promise<void> => {
    const times = { since: seconds(0), until: seconds(until) };
    const thing = await spendOf('key', [crypto.randomUUID()], times);
    await storage.replay.claim([{ ...thing, since: seconds(now) }], seconds(now));
  };

  beforeAll(async () => {
    server = await OwnRedis.start();
    client = createClient({ url: server.url });
    await client.connect();
    const clock = { now: () => seconds(0) };
    storage = await openRedis({ url: server.url, clock, timeoutMs: 10_000 });
  });

  beforeEach(async () => {
    const all = await keys();
    if (all.length > 0) await client.unlink([...all]);
    const [now] = (await client.sendCommand(['TIME'])) as unknown as [string];
    serverTime = Number(now);
  });

  afterAll(async () => {
    client.destroy();
    await storage.close();
    await server.close();
  });

  describe('and for how long', () => {
    it.each([
      ['the same', 0, 60 + margin],
      ['ahead of the server’s', 1000, 1060 + margin],
      ['years ahead of the server’s', 1_000_000_000, 60 + day + margin],
      ['behind the server’s', -1000, 60 + margin],
      ['years behind the server’s', -1_000_000_000, 60 + margin],
    ])('OPS-06 THR-65 keeps a claim where the clock is %s', async (_where, offset, atMost) => {
      await claim(serverTime + offset, serverTime + offset + 60);
      const left = await secondsLeft();
      expect(left).toBeLessThanOrEqual(atMost);
      // This machine may be slow; the margin is for worse.
      expect(left).toBeGreaterThan(atMost - margin);
    });

    it.each([
      ['past', -1_000_000, 1 + margin],
      ['in ten years', 3650 * day, 3650 * day + margin],
      ['never', Infinity, 2 ** 32 + day],
    ])('OPS-06 THR-73 gives a claim an end that is %s', async (_when, lifetime, atMost) => {
      await claim(serverTime, serverTime + lifetime);
      const left = await secondsLeft();
      expect(left).toBeLessThanOrEqual(atMost);
      expect(left).toBeGreaterThan(Math.min(atMost - margin, serverTime));
    });

    it('THR-73 gives a counter the end of its window', async () => {
      const now = seconds(serverTime);
      for (let attempt = 0; attempt < 3; attempt++) {
        await storage.counters.count([{ key: 'a', limit: 1, windowSeconds: 3600 }], now);
      }
      const left = await secondsLeft();
      expect(left).toBeLessThanOrEqual(3600 + margin);
      expect(left).toBeGreaterThan(3600);
    });

    it('THR-73 gives a session its absolute end, used or not', async () => {
      const session = sessionAt(serverTime);
      await storage.sessions.start(session, undefined);
      await storage.sessions.touch(session.hash, 'client', seconds(serverTime + 100));
      const left = await secondsLeft();
      expect(left).toBeLessThanOrEqual(7200 + margin);
      expect(left).toBeGreaterThan(7200);
    });

    it('THR-68 keeps the beginning of its memory without end', async () => {
      expect(await client.ttl('{keybound}:since')).toBe(-1);
    });
  });

  it('AS-270 INV-5 keeps no name that a peer chose, and no octet more for a longer one', async () => {
    const now = seconds(serverTime);
    const secret = 'alice@example.com';
    await storage.counters.count([{ key: secret, limit: 1, windowSeconds: 60 }], now);
    await storage.counters.count([{ key: 'x'.repeat(50_000), limit: 1, windowSeconds: 60 }], now);
    const [one, other, ...none] = await keys();
    expect(none).toEqual([]);
    expect(one?.length).toBe(other?.length);
    for (const key of [one, other]) {
      expect(`${String(key)} ${String(await client.get(key ?? ''))}`).not.toContain(secret);
    }
  });

  it('AS-26 leaves nothing of a session that ended', async () => {
    const [first, second] = [sessionAt(serverTime), sessionAt(serverTime)];
    await storage.sessions.start(first, undefined);
    await storage.sessions.start(second, first.hash);
    await storage.sessions.end(second.hash);
    await storage.sessions.touch(second.hash, 'client', seconds(serverTime));
    expect(await keys()).toEqual([]);
  });

  it('DPOP-13 takes at most 96 octets a claim', async () => {
    await claim(serverTime, serverTime + 300);
    const [key = ''] = await keys();
    expect(await client.memoryUsage(key)).toBeLessThanOrEqual(96);
  });
});

function sessionAt(now: number): SessionRecord {
  return {
    hash: crypto.randomUUID(),
    sid: crypto.randomUUID(),
    subject: 'alice',
    authTime: seconds(now),
    acr: undefined,
    amr: ['pwd'],
    clientIds: ['client-0'],
    lastSeenAt: seconds(now),
    expiresAt: seconds(now + 7200),
  };
}
