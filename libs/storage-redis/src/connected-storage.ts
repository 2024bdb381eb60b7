import { StoreUnavailableError, systemClock } from '@keybound/core';
import { RedisConnection } from './connection/redis-connection.js';
import { RedisCounterStore } from './counters/redis-counter-store.js';
import type { RedisConfiguration } from './options.schema.js';
import type { RedisStorage } from './redis-storage.js';
import { RedisReplayStore } from './replay/redis-replay-store.js';
import { ReplayMemory } from './replay/replay-memory.js';
import { RedisSessionStore } from './sessions/redis-session-store.js';

/** The stores over one connection. What it throws: see `openRedis`. */
export async function connectedStorage(configuration: RedisConfiguration): Promise<RedisStorage> {
  const { prefix, firstStart, clock = systemClock } = configuration;
  const connection = await RedisConnection.open(configuration);
  const memory = new ReplayMemory(connection, configuration);
  const settledAt = () => memory.settledAt(clock.now());
  try {
    if (firstStart) await memory.beginComplete();
    await settledAt();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    replay: new RedisReplayStore(connection, memory, prefix),
    counters: new RedisCounterStore(connection, prefix),
    sessions: new RedisSessionStore(connection, prefix),
    settledAt,
    check: async () => {
      const wait = (await settledAt()) - clock.now();
      if (wait <= 0) return;
      throw new StoreUnavailableError(
        `The replay memory began only just now: fresh proofs are taken in ${String(wait)} s.`,
      );
    },
    close: () => connection.close(),
  };
}
