import type { Seconds } from '@keybound/core';
import type { AccessTokenRecord } from '../grant-records.js';
import type { ExpiringTable } from './expiring-table.js';
import type { Room } from './room.js';

/** Reference tokens, and the `jti` of any kind of token that was revoked. */
export class AccessTokenTable {
  readonly #tokens: ExpiringTable<AccessTokenRecord>;
  readonly #revoked: ExpiringTable<true>;

  constructor(room: Room) {
    this.#tokens = room.table();
    this.#revoked = room.table();
  }

  save(record: AccessTokenRecord): void {
    this.#tokens.set(record.hash, record, record.expiresAt);
  }

  find(hash: string, now: Seconds): AccessTokenRecord | undefined {
    return this.#tokens.find(hash, now);
  }

  /** @param until May only be moved on. */
  revoke(jti: string, until: Seconds): void {
    if (this.#revoked.peek(jti) === undefined) this.#revoked.set(jti, true, until);
    else this.#revoked.prolong(jti, until);
  }

  isRevoked(jti: string, now: Seconds): boolean {
    return this.#revoked.find(jti, now) !== undefined;
  }
}
