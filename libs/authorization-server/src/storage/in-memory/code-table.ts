import type { Seconds } from '@keybound/core';
import type { CodeRecord } from '../grant-records.js';
import type { ExpiringTable } from './expiring-table.js';
import type { Room } from './room.js';

/** How long after its expiry a second use of a redeemed code is still recognised. */
const rememberedSeconds = 600;

interface CodeEntry {
  readonly record: CodeRecord;
  readonly burnt: boolean;
}

export class CodeTable {
  readonly #codes: ExpiringTable<CodeEntry>;

  constructor(room: Room) {
    this.#codes = room.table();
  }

  save(record: CodeRecord): void {
    this.#set({ record: record, burnt: false });
  }

  /** One that may be redeemed, or was. */
  find(hash: string, now: Seconds): CodeRecord | undefined {
    const entry = this.#codes.find(hash, now);
    if (entry === undefined) return undefined;
    const { record, burnt } = entry;
    const isUsable = record.expiresAt > now && !burnt;
    return record.redeemedAt !== undefined || isUsable ? record : undefined;
  }

  noteFailure(hash: string, limit: number, now: Seconds): void {
    const record = this.find(hash, now);
    if (record === undefined || record.redeemedAt !== undefined) return;
    const failures = record.failures + 1;
    this.#set({ record: Object.freeze({ ...record, failures }), burnt: failures >= limit });
  }

  redeem(record: CodeRecord, now: Seconds): void {
    this.#set({ record: Object.freeze({ ...record, redeemedAt: now }), burnt: false });
  }

  #set(entry: CodeEntry): void {
    const { hash, expiresAt } = entry.record;
    this.#codes.set(hash, entry, expiresAt + rememberedSeconds);
  }
}
