import { seconds, type Seconds } from '@keybound/core';
import type { ExpiringTable } from './in-memory/expiring-table.js';
import { frozenCopy } from './in-memory/frozen-copy.js';
import { Room, type InMemoryStoreOptions } from './in-memory/room.js';
import type { SessionRecord, SessionStore } from './session-store.js';

/**
 * A {@link SessionStore} for one process: everybody is logged out when it ends.
 *
 * No method waits for anything, so each runs to its end before another begins.
 */
export class InMemorySessionStore implements SessionStore {
  readonly sharing = 'process';
  readonly #room: Room;
  readonly #sessions: ExpiringTable<SessionRecord>;

  /** @throws ConfigurationError for impossible options. */
  constructor(options: InMemoryStoreOptions = {}) {
    this.#room = new Room(options);
    this.#sessions = this.#room.table();
  }

  get records(): number {
    return this.#room.records;
  }

  async start(session: SessionRecord, replacing: string | undefined): Promise<void> {
    this.#room.make(1, session.lastSeenAt);
    if (replacing !== undefined) this.#sessions.delete(replacing);
    this.#save(session);
  }

  async find(hash: string, idleSeconds: number, now: Seconds): Promise<SessionRecord | undefined> {
    const session = this.#sessions.find(hash, now);
    return session !== undefined && now < session.lastSeenAt + idleSeconds ? session : undefined;
  }

  async touch(hash: string, clientId: string, now: Seconds): Promise<void> {
    const session = this.#sessions.find(hash, now);
    if (session === undefined) return;
    this.#save({
      ...session,
      clientIds: [...new Set([...session.clientIds, clientId])],
      lastSeenAt: seconds(Math.max(session.lastSeenAt, now)),
    });
  }

  async end(hash: string): Promise<SessionRecord | undefined> {
    const session = this.#sessions.peek(hash);
    this.#sessions.delete(hash);
    return session;
  }

  #save(session: SessionRecord): void {
    this.#sessions.set(session.hash, frozenCopy(session), session.expiresAt);
  }
}
