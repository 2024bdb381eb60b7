import type { Seconds } from '@keybound/core';
import type { ClientRecord, ClientStore } from './client-store.js';
import type { ExpiringTable } from './in-memory/expiring-table.js';
import { frozenCopy } from './in-memory/frozen-copy.js';
import { Room, type InMemoryStoreOptions } from './in-memory/room.js';

/**
 * A {@link ClientStore} for one process: clients that registered themselves are lost when it ends.
 *
 * No method waits for anything, so each runs to its end before another begins.
 */
export class InMemoryClientStore implements ClientStore {
  readonly sharing = 'process';
  readonly #room: Room;
  readonly #clients: ExpiringTable<ClientRecord>;

  /** @throws ConfigurationError for impossible options. */
  constructor(options: InMemoryStoreOptions = {}) {
    this.#room = new Room(options);
    this.#clients = this.#room.table();
  }

  get records(): number {
    return this.#room.records;
  }

  async add(record: ClientRecord): Promise<boolean> {
    this.#room.make(1, record.createdAt);
    if (this.#clients.peek(record.id) !== undefined) return false;
    this.#save(record);
    return true;
  }

  async find(clientId: string, now: Seconds): Promise<ClientRecord | undefined> {
    return this.#clients.find(clientId, now);
  }

  async replace(record: ClientRecord): Promise<boolean> {
    const current = this.#clients.peek(record.id);
    if (current?.version !== record.version - 1) return false;
    const isUsed = current.unusedExpiresAt === undefined;
    this.#save(isUsed ? { ...record, unusedExpiresAt: undefined } : record);
    return true;
  }

  async remove(clientId: string): Promise<boolean> {
    return this.#clients.delete(clientId);
  }

  async markUsed(clientId: string): Promise<void> {
    const current = this.#clients.peek(clientId);
    if (current?.unusedExpiresAt !== undefined) {
      this.#save({ ...current, unusedExpiresAt: undefined });
    }
  }

  #save(record: ClientRecord): void {
    this.#clients.set(record.id, frozenCopy(record), record.unusedExpiresAt ?? Infinity);
  }
}
