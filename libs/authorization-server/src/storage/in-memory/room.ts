import { ConfigurationError, StoreUnavailableError, type Seconds } from '@keybound/core';
import { ExpiringTable } from './expiring-table.js';

const defaultMaxRecords = 1_000_000;

export interface InMemoryStoreOptions {
  /**
   * Records that a store holds, at most; 1,000,000 unless given. Beyond it, whatever would add one
   * fails with StoreUnavailableError: nothing that has not ended is forgotten. Authorization requests
   * that are under way are counted apart.
   */
  readonly maxRecords?: number;
}

/** The tables of one store, which share its memory and its sweeping. */
export class Room {
  readonly #tables: ExpiringTable<unknown>[] = [];
  readonly #maxRecords: number;
  #seen = 0;

  /** @throws ConfigurationError for an impossible `maxRecords`. */
  constructor({ maxRecords = defaultMaxRecords }: InMemoryStoreOptions) {
    if (!Number.isSafeInteger(maxRecords) || maxRecords < 1) {
      throw new ConfigurationError('In-memory store: maxRecords must be a whole number from 1.');
    }
    this.#maxRecords = maxRecords;
  }

  /** Records that take memory: those that have not ended, and others that were not dropped yet. */
  get records(): number {
    return this.#tables.reduce((sum, { size }) => sum + size, 0);
  }

  table<Value>(dropped?: (value: Value) => void): ExpiringTable<Value> {
    const table = new ExpiringTable(dropped);
    this.#tables.push(table as ExpiringTable<unknown>);
    return table;
  }

  /**
   * Before anything is changed: drops some of what ended. A clock that leapt ahead is followed back as
   * well, or all that is added later would be dropped at once (THR-65).
   *
   * @param records That are about to be added, at most.
   * @param now     Undefined where the caller does not know: then the time that was seen last.
   * @throws StoreUnavailableError where there is no room for so many.
   */
  make(records: number, now?: Seconds): void {
    this.#seen = now ?? this.#seen;
    for (const table of this.#tables) table.sweep(this.#seen);
    if (this.records + records > this.#maxRecords) {
      throw new StoreUnavailableError(`The store is full (${String(this.#maxRecords)} records).`);
    }
  }
}
