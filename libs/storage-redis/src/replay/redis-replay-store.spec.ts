import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { seconds, spendOf, type Spend } from '@keybound/core';
import { testRedis } from '@keybound/testing';
import { openRedis } from '../open-redis.js';
import type { RedisStorage } from '../redis-storage.js';
import { forgetAll } from '../test-servers/forget-all.js';

const redis = await testRedis();

const T0 = 1_800_000_000;
const fresh = (): Promise<Spend> =>
  spendOf('test', [crypto.randomUUID()], { since: seconds(T0), until: seconds(T0 + 60) });

redis.describe('RedisReplayStore', () => {
  const prefix = `{test-${crypto.randomUUID()}}:`;
  let storage: RedisStorage;

  beforeAll(async () => {
    const clock = { now: () => seconds(T0 - 60) };
    storage = await openRedis({ url: redis.url, prefix, clock, timeoutMs: 10_000 });
  });

  afterAll(async () => {
    await storage.close();
    await forgetAll(redis.url, prefix);
  });

  it('AS-272 says that instances share it', () => {
    const { replay, counters, sessions } = storage;
    for (const { sharing } of [replay, counters, sessions]) expect(sharing).toBe('shared');
  });

  it('INV-1 holds what claims to last for ever', async () => {
    for (const until of [2 ** 32, 1e15, Infinity]) {
      const thing = { ...(await fresh()), until: seconds(until) };
      expect(await storage.replay.claim([thing], seconds(T0))).toEqual({ claimed: true });
      const again = storage.replay.claim([thing], seconds(4e9));
      expect(await again).toMatchObject({ claimed: false, reason: 'used' });
    }
  });

  it('OPS-06 rounds a fraction of a second up', async () => {
    const thing = { ...(await fresh()), until: seconds(T0 + 0.5) };
    await storage.replay.claim([thing], seconds(T0));
    expect(await storage.replay.claim([thing], seconds(T0 + 0.9))).toMatchObject({
      claimed: false,
    });
    expect(await storage.replay.claim([thing], seconds(T0 + 1))).toEqual({ claimed: true });
  });

  it.each([
    ['milliseconds', T0 * 1000, {}],
    ['no number as the time', NaN, {}],
    ['a time before 1970', -1, {}],
    ['no number as the end', T0, { until: seconds(NaN) }],
    ['no number as the beginning', T0, { since: seconds(NaN) }],
    ['what is no SHA-256 digest', T0, { digest: new Uint8Array(20) }],
  ])('INV-9 rejects %s', async (_what, now, flaw) => {
    const claim = storage.replay.claim([{ ...(await fresh()), ...flaw }], seconds(now));
    await expect(claim).rejects.toThrow(RangeError);
  });
});
