import { afterAll, beforeAll } from '@jest/globals';
import { seconds } from '@keybound/core';
import {
  describeCounterStore,
  describeReplayStore,
  describeSessionStore,
  takingTurns,
  testRedis,
} from '@keybound/testing';
import { openRedis } from './open-redis.js';
import type { RedisStorage } from './redis-storage.js';
import { forgetAll } from './test-servers/forget-all.js';

const redis = await testRedis();

redis.describe('RedisStorage, of two instances', () => {
  const prefix = `{test-${crypto.randomUUID()}}:`;
  // The cases play at times of their own, from 2001 on: the memory begins before.
  const clock = { now: () => seconds(900_000_000) };
  let one: RedisStorage;
  let other: RedisStorage;

  beforeAll(async () => {
    const options = { url: redis.url, prefix, clock, timeoutMs: 10_000 };
    [one, other] = [await openRedis(options), await openRedis(options)];
  });

  afterAll(async () => {
    for (const instance of [one, other]) await instance.close();
    await forgetAll(redis.url, prefix);
  });

  describeReplayStore('RedisReplayStore', () => takingTurns([one.replay, other.replay]));
  describeCounterStore('RedisCounterStore', () => takingTurns([one.counters, other.counters]));
  describeSessionStore('RedisSessionStore', () => takingTurns([one.sessions, other.sessions]));
});
