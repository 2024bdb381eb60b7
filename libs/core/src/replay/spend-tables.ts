import { SeededHash } from './seeded-hash.js';
import { spendKey, type SpendKey } from './spend-key.js';
import { SpendTable, type SpendState } from './spend-table.js';

/** At most so many entries a table on average, so that rebuilding one takes microseconds. */
const entriesPerTable = 1024;
/** Tables rebuilt in one call, at most. */
const rebuildsAtOnce = 32;
/** Tables looked at in each second in which something is claimed, to give memory back. */
const sweptPerSecond = 16;

/**
 * All that the in-memory replay store remembers, spread over tables that grow, drop and shrink one by
 * one, so that no call has to wait for more than a few of them.
 */
export class SpendTables {
  readonly #hash = new SeededHash();
  readonly #tables: readonly SpendTable[];
  readonly #maxEntries: number;
  #entries = 0;
  #cursor = 0;
  #sweptAt = 0;
  #nothingExpiresBefore = 0;

  constructor(maxEntries: number) {
    const count = 2 ** Math.max(0, Math.ceil(Math.log2(maxEntries / entriesPerTable)));
    this.#tables = Array.from({ length: count }, () => new SpendTable(this.#hash));
    this.#maxEntries = maxEntries;
  }

  /** Including expired ones that were not dropped yet. */
  get entries(): number {
    return this.#entries;
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.bytes, 0);
  }

  /** What a digest is remembered by in these tables. */
  keyOf(digest: Uint8Array): SpendKey {
    return spendKey(digest, this.#hash);
  }

  stateOf(key: SpendKey, until: number, now: number): SpendState {
    return this.#tableOf(key).stateOf(key, until, now);
  }

  hold(key: SpendKey, until: number, now: number): void {
    this.#change(this.#tableOf(key), (table) => {
      table.hold(key, until, now);
    });
    this.#nothingExpiresBefore = Math.min(this.#nothingExpiresBefore, until);
  }

  /** Whether so many more can be held, after dropping expired entries where it must. */
  makeRoom(count: number, now: number): boolean {
    if (!this.#hasRoom(count) && now >= this.#nothingExpiresBefore) this.#reclaim(count, now);
    return this.#hasRoom(count);
  }

  /** Gives the memory of past bursts back, a few tables in each second. */
  sweep(now: number): void {
    if (now === this.#sweptAt) return;
    this.#sweptAt = now;
    for (let swept = 0; swept < sweptPerSecond; swept++) {
      this.#change(this.#nextTable(), (table) => {
        table.shrink(now);
      });
    }
  }

  #hasRoom(count: number): boolean {
    return this.#entries + count <= this.#maxEntries;
  }

  #reclaim(count: number, now: number): void {
    let [looked, rebuilds] = [0, 0];
    let earliest = Infinity;
    while (looked++ < this.#tables.length) {
      if (this.#hasRoom(count) || rebuilds === rebuildsAtOnce) return;
      const next = this.#nextTable();
      if (next.earliest <= now) {
        rebuilds++;
        this.#change(next, (table) => {
          table.compact(now);
        });
      }
      earliest = Math.min(earliest, next.earliest);
    }
    this.#nothingExpiresBefore = earliest;
  }

  #change(table: SpendTable, change: (table: SpendTable) => void): void {
    const before = table.used;
    change(table);
    this.#entries += table.used - before;
  }

  #nextTable(): SpendTable {
    this.#cursor = (this.#cursor + 1) % this.#tables.length;
    return this.#at(this.#cursor);
  }

  /** The low bits choose the table, the high bits the place in it. */
  #tableOf(key: SpendKey): SpendTable {
    return this.#at(key.hash & (this.#tables.length - 1));
  }

  #at(index: number): SpendTable {
    const table = this.#tables[index];
    if (table === undefined) throw new RangeError(`There is no table ${String(index)}.`);
    return table;
  }
}
