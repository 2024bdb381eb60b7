import {
  StoreUnavailableError,
  type Clock,
  type KeyProblem,
  type KeyQuery,
  type KeySource,
  type Result,
  type VerificationKey,
} from '@keybound/core';
import type { SigningRing } from './signing-ring.js';

/**
 * The published keys of a ring. A key that is not there may be one that another instance has just made:
 * the ring is looked at again, once in a while, however many ask. THR-63, THR-64.
 */
export class RingKeySource implements KeySource {
  #lookedAt = -Infinity;
  #look: Promise<void> | undefined;

  /** @param cooldownSeconds From one look until the next; undefined where nobody else makes keys. */
  constructor(
    readonly ring: SigningRing,
    readonly clock: Clock,
    readonly cooldownSeconds: number | undefined,
  ) {}

  /** @throws StoreUnavailableError for a key that is not there while the ring cannot be read. */
  async find(query: KeyQuery): Promise<Result<VerificationKey, KeyProblem>> {
    const found = this.#present.find(query);
    if (found.ok || found.failure !== 'unknown key' || query.kid === undefined) return found;
    await this.#lookAgain();
    const again = this.#present.find(query);
    if (again.ok || this.ring.failure === undefined) return again;
    throw new StoreUnavailableError('The ring of signing keys cannot be read.', {
      cause: this.ring.failure,
    });
  }

  has(key: VerificationKey): boolean {
    return this.#present.has(key);
  }

  get #present() {
    return this.ring.held.at(this.clock.now()).published.keySet;
  }

  async #lookAgain(): Promise<void> {
    if (this.cooldownSeconds === undefined) return;
    const now = this.clock.now();
    // A clock that was set back must not keep everybody waiting until it is there again.
    if (now >= this.#lookedAt + this.cooldownSeconds || now < this.#lookedAt) {
      this.#lookedAt = now;
      this.#look = this.ring.tryRefresh();
    }
    await this.#look;
  }
}
