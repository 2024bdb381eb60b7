import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisConfiguration } from '../options.schema.js';
import { answeredWithin } from './answered-within.js';
import { backOffMs } from './back-off.js';
import { connectLink, type RedisLink } from './redis-link.js';
import { endsConnection, unlessBug } from './unless-bug.js';

/**
 * The connection to the server, and the next one where it fails. THR-66.
 *
 * Nothing waits for a connection: while there is none, every question fails at once. Answers come in
 * the order of the questions, so where one is late all behind it are; the connection may be dead at the
 * other end (no error ever comes then), and another takes its place.
 */
export class RedisConnection {
  readonly #configuration: RedisConfiguration;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #link: RedisLink | undefined;
  /** Why there is no link. */
  #problem: unknown;
  #reconnecting: Promise<void> | undefined;

  private constructor(configuration: RedisConfiguration, link: RedisLink) {
    this.#configuration = configuration;
    this.#use(link);
  }

  /** Tries once. What it throws: see `openRedis`. */
  static async open(configuration: RedisConfiguration): Promise<RedisConnection> {
    try {
      return new RedisConnection(configuration, await connectLink(configuration));
    } catch (error) {
      throw error instanceof ConfigurationError ? error : unlessBug(error);
    }
  }

  /** @throws StoreUnavailableError where there is no answer, in time or at all. */
  async ask<Answer>(question: (link: RedisLink) => Promise<Answer>): Promise<Answer> {
    const link = this.#link;
    if (link === undefined || this.#closing.signal.aborted) {
      throw new StoreUnavailableError('Redis is not connected.', { cause: this.#problem });
    }
    const answer = answeredWithin(this.#configuration.timeoutMs, question(link));
    this.#underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (endsConnection(error)) this.#giveUp(link, error);
      throw unlessBug(error);
    } finally {
      this.#underWay.delete(answer);
    }
  }

  /** Asks nothing more, and ends when all that was asked is answered or late. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
    await this.#reconnecting;
    this.#link?.client.destroy();
    this.#link = undefined;
  }

  #use(link: RedisLink): void {
    this.#link = link;
    link.client.on('error', (error: unknown) => {
      this.#giveUp(link, error);
    });
  }

  #giveUp(link: RedisLink, problem: unknown): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#problem = problem;
    // Later, since the driver first tells the error itself to those who wait on this connection.
    queueMicrotask(() => {
      link.client.destroy();
    });
    this.#reconnecting = this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.#use(await connectLink(this.#configuration));
        return;
      } catch (error) {
        // Whatever it is, also a server that is unfit: whoever asks meanwhile is told.
        this.#problem = error;
      }
      await pause(backOffMs(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}
