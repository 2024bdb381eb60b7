import type { Seconds } from '@keybound/core';
import type { GrantRecord, ListedGrant } from '../grant-records.js';
import type { ExpiringTable } from './expiring-table.js';
import { IndexByName } from './index-by-name.js';
import type { Room } from './room.js';

interface GrantEntry {
  readonly record: GrantRecord;
  lastUsedAt: Seconds;
  revoked: boolean;
}

/** Grants, by identifier, by user and by client. */
export class GrantTable {
  readonly #grants: ExpiringTable<GrantEntry>;
  readonly #ofSubject = new IndexByName<GrantEntry>(({ record }) => record.localSubject);
  readonly #ofClient = new IndexByName<GrantEntry>(({ record }) => record.clientId);

  constructor(room: Room) {
    this.#grants = room.table((entry) => {
      this.#ofSubject.delete(entry);
      this.#ofClient.delete(entry);
    });
  }

  /** @param codeExpiresAt The grant ends with its code, unless that is redeemed. */
  save(grant: GrantRecord, codeExpiresAt: Seconds): void {
    const entry = { record: grant, lastUsedAt: grant.createdAt, revoked: false };
    this.#grants.set(grant.id, entry, Math.min(codeExpiresAt, grant.expiresAt));
    this.#ofSubject.add(entry);
    this.#ofClient.add(entry);
  }

  find(id: string, now: Seconds): GrantRecord | undefined {
    const entry = this.#grants.find(id, now);
    return entry === undefined || entry.revoked ? undefined : entry.record;
  }

  /** Something was issued from it: from now on it lasts its time. */
  noteUse({ id, expiresAt }: GrantRecord, now: Seconds): void {
    const entry = this.#grants.peek(id);
    if (entry === undefined) return;
    entry.lastUsedAt = now;
    this.#grants.prolong(id, expiresAt);
  }

  revoke(id: string): void {
    const entry = this.#grants.peek(id);
    if (entry !== undefined) entry.revoked = true;
  }

  revokeOfClient(clientId: string): void {
    for (const entry of this.#ofClient.all(clientId)) entry.revoked = true;
  }

  revokeOfSubject(localSubject: string, which: 'all' | 'online'): void {
    for (const entry of this.#ofSubject.all(localSubject)) {
      if (which === 'all' || !entry.record.offline) entry.revoked = true;
    }
  }

  /** Newest first. */
  list(localSubject: string, now: Seconds): readonly ListedGrant[] {
    return [...this.#ofSubject.all(localSubject)]
      .filter(({ record }) => this.find(record.id, now) !== undefined)
      .sort((one, other) => other.record.createdAt - one.record.createdAt)
      .map(({ record, lastUsedAt }) => Object.freeze({ ...record, lastUsedAt }));
  }
}
