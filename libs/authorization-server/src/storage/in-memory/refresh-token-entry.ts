import type { Seconds } from '@keybound/core';
import type { RefreshTokenRecord } from '../grant-records.js';
import type { RefreshUse } from '../grant-store.js';

/** The tokens that took the place of the same one. Once one of them is used, the others are over. */
class Siblings {
  chosen: { readonly entry: RefreshTokenEntry; readonly at: Seconds } | undefined;
}

/**
 * A refresh token in its family. What came first is told by who took whose place, never by the time
 * (THR-50): all of it may happen within a second.
 */
export class RefreshTokenEntry {
  #record: RefreshTokenRecord;
  readonly #siblings: Siblings;
  readonly #successors = new Siblings();

  constructor(record: RefreshTokenRecord, siblings: Siblings = new Siblings()) {
    this.#record = record;
    this.#siblings = siblings;
  }

  get record(): RefreshTokenRecord {
    const retiredAt = this.#retiredAt();
    return retiredAt === this.#record.retiredAt
      ? this.#record
      : Object.freeze({ ...this.#record, retiredAt });
  }

  /** Live, or replaced so lately that the answer may have been lost (AS-72). */
  mayBeUsed({ successor, graceSeconds, now }: RefreshUse): boolean {
    if (this.#retiredAt() === undefined) return true;
    const replacedAt = this.#record.retiredAt;
    return (
      successor !== undefined &&
      replacedAt !== undefined &&
      this.#successors.chosen === undefined &&
      // No grace is none, also under a clock that is behind.
      graceSeconds > 0 &&
      now < replacedAt + graceSeconds
    );
  }

  /** @returns The successor's entry, where there is one. */
  use({ successor, idleExpiresAt, binding, now }: RefreshUse): RefreshTokenEntry | undefined {
    this.#siblings.chosen ??= { entry: this, at: now };
    if (successor === undefined) {
      this.#change({ lastUsedAt: now, idleExpiresAt, binding });
      return undefined;
    }
    this.#change({ lastUsedAt: now, retiredAt: this.#record.retiredAt ?? now });
    return new RefreshTokenEntry(successor, this.#successors);
  }

  #change(changes: Partial<RefreshTokenRecord>): void {
    this.#record = Object.freeze({ ...this.#record, ...changes });
  }

  #retiredAt(): Seconds | undefined {
    const { chosen } = this.#siblings;
    if (chosen === undefined || chosen.entry === this) return this.#record.retiredAt;
    return chosen.at;
  }
}
