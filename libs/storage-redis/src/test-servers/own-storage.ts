import type { SessionRecord } from '@keybound/authorization-server';
import { seconds, spendOf, type ClaimOutcome, type Seconds, type Spend } from '@keybound/core';
import type { SettableClock } from '@keybound/testing';
import { openRedis } from '../open-redis.js';
import type { RedisOptions } from '../options.schema.js';
import type { RedisStorage } from '../redis-storage.js';
import { onceAvailable } from './once-available.js';
import { OwnRedis } from './own-redis.js';

/** What became of a question. */
export type Answer = 'answered' | Error;

/** A server of the test's own, and a storage on it of which the replay memory is old enough. */
export class OwnStorage {
  private constructor(
    readonly server: OwnRedis,
    readonly storage: RedisStorage,
    private readonly clock: SettableClock,
  ) {}

  static async start(
    clock: SettableClock,
    optionsFor: (server: OwnRedis) => Promise<Partial<RedisOptions>> = async () => ({}),
  ): Promise<OwnStorage> {
    const server = await OwnRedis.start();
    const options = { url: server.url, timeoutMs: 10_000, ...(await optionsFor(server)) };
    const storage = await onceAvailable(() => openRedis({ ...options, clock }));
    clock.advance(90);
    const own = new OwnStorage(server, storage, clock);
    await onceAvailable(() => storage.sessions.start(own.session('standing'), undefined));
    return own;
  }

  /** Something that nobody used. */
  fresh(): Promise<Spend> {
    const since = this.clock.now();
    return spendOf('fault', [crypto.randomUUID()], { since, until: seconds(since + 60) });
  }

  claim(...things: readonly Spend[]): Promise<ClaimOutcome> {
    return this.storage.replay.claim(things, this.clock.now());
  }

  count(): Promise<unknown> {
    const key = { key: 'a', limit: 1000, windowSeconds: 60 };
    return this.storage.counters.count([key], this.clock.now());
  }

  find(hash: string): Promise<SessionRecord | undefined> {
    return this.storage.sessions.find(hash, 60, this.clock.now());
  }

  touch(hash: string): Promise<void> {
    return this.storage.sessions.touch(hash, 'client', this.clock.now());
  }

  session(hash: string): SessionRecord {
    const now: Seconds = this.clock.now();
    const login = { subject: 'alice', authTime: now, acr: undefined, amr: [], clientIds: [] };
    return { hash, sid: 'sid', ...login, lastSeenAt: now, expiresAt: seconds(now + 600) };
  }

  /** Each method once. */
  async askEverything(): Promise<readonly Answer[]> {
    const { storage } = this;
    const fresh = await this.fresh();
    const answers = await Promise.allSettled([
      this.claim(fresh),
      this.count(),
      storage.counters.reset('a'),
      storage.sessions.start(this.session(crypto.randomUUID()), undefined),
      this.find('standing'),
      this.touch('standing'),
      storage.sessions.end('another'),
      storage.check(),
      storage.settledAt(),
    ]);
    return answers.map((each) =>
      each.status === 'fulfilled' ? 'answered' : (each.reason as Error),
    );
  }

  async close(): Promise<void> {
    this.server.resume();
    await this.storage.close();
    await this.server.close();
  }
}
