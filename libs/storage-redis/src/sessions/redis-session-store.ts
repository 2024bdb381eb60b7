import type { SessionRecord, SessionStore } from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import type { RedisConnection } from '../connection/redis-connection.js';
import { lastMoment } from '../scripts/keep-for.js';
import { fieldOfClient, fieldsOf, sessionOf } from './session-fields.js';

/** A {@link SessionStore} for any number of instances: everybody is logged out where its data is lost. */
export class RedisSessionStore implements SessionStore {
  readonly sharing = 'shared';
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  constructor(connection: RedisConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = `${prefix}s:`;
  }

  async start(session: SessionRecord, replacing: string | undefined): Promise<void> {
    const keys = [session.hash, ...(replacing === undefined ? [] : [replacing])];
    const ends = Math.min(session.expiresAt, lastMoment);
    const values = [String(session.lastSeenAt), String(ends), ...fieldsOf(session)];
    await this.#connection.ask(({ client }) =>
      client.startSession(
        keys.map((hash) => this.#prefix + hash),
        values,
      ),
    );
  }

  async find(hash: string, idleSeconds: number, now: Seconds): Promise<SessionRecord | undefined> {
    const fields = await this.#connection.ask(({ client }) =>
      client.findSession([this.#prefix + hash], []),
    );
    const session = sessionOf(hash, fields);
    if (session === undefined) return undefined;
    const isLive = now < session.expiresAt && now < session.lastSeenAt + idleSeconds;
    return isLive ? session : undefined;
  }

  async touch(hash: string, clientId: string, now: Seconds): Promise<void> {
    const values = [String(now), fieldOfClient(clientId)];
    await this.#connection.ask(({ client }) => client.touchSession([this.#prefix + hash], values));
  }

  async end(hash: string): Promise<SessionRecord | undefined> {
    const fields = await this.#connection.ask(({ client }) =>
      client.endSession([this.#prefix + hash], []),
    );
    return sessionOf(hash, fields);
  }
}
