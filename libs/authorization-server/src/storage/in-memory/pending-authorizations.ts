import type { Seconds } from '@keybound/core';
import type { InteractionRecord, PushedRequestRecord } from '../grant-records.js';
import type { ExpiringTable } from './expiring-table.js';
import type { Room } from './room.js';

/** Authorization requests that are under way: pushed ones, and those that wait for their user. */
export class PendingAuthorizations {
  readonly #pushed: ExpiringTable<PushedRequestRecord>;
  readonly #interactions: ExpiringTable<InteractionRecord>;

  constructor(room: Room) {
    this.#pushed = room.table();
    this.#interactions = room.table();
  }

  savePushed(record: PushedRequestRecord): void {
    this.#pushed.set(record.hash, record, record.expiresAt);
  }

  /** Kept past its expiry while interactions that came of it last; not found by then. */
  findPushed(hash: string, now: Seconds): PushedRequestRecord | undefined {
    const record = this.#pushed.find(hash, now);
    return record !== undefined && record.expiresAt > now ? record : undefined;
  }

  saveInteraction(record: InteractionRecord): void {
    this.#interactions.set(record.hash, record, record.expiresAt);
    if (record.pushedRequestHash !== undefined) {
      this.#pushed.prolong(record.pushedRequestHash, record.expiresAt);
    }
  }

  findInteraction(hash: string, now: Seconds): InteractionRecord | undefined {
    const record = this.#interactions.find(hash, now);
    return record !== undefined && this.#isOpen(record.pushedRequestHash, now) ? record : undefined;
  }

  /** @returns False, and nothing is changed, where one of them is gone. */
  end(
    interactionHash: string | undefined,
    pushedRequestHash: string | undefined,
    now: Seconds,
  ): boolean {
    if (!this.#isOpen(pushedRequestHash, now)) return false;
    if (interactionHash !== undefined) {
      if (this.findInteraction(interactionHash, now) === undefined) return false;
      this.#interactions.delete(interactionHash);
    }
    if (pushedRequestHash !== undefined) this.#pushed.delete(pushedRequestHash);
    return true;
  }

  #isOpen(pushedRequestHash: string | undefined, now: Seconds): boolean {
    return (
      pushedRequestHash === undefined || this.#pushed.find(pushedRequestHash, now) !== undefined
    );
  }
}
