import { safeText, type AuditEvent, type AuditLog, type Clock, type Seconds } from '@keybound/core';
import type { KeyStore } from '../storage/key-store.js';
import { dueGenerations, promoted } from './due-generations.js';
import { generationsSchema, type Generation } from './generation.js';
import { HeldGenerations, holdGenerations } from './held-generations.js';
import type { RotationTerms } from './key-rotation.js';
import { SealedRing } from './sealed-ring.js';

export interface SigningRingOptions {
  readonly store: KeyStore;
  readonly secrets: readonly string[];
  readonly terms: RotationTerms;
  readonly clock: Clock;
  readonly audit?: AuditLog;
}

/** The ring of signing keys: what this instance holds of it, and how it is read and changed. */
export class SigningRing {
  readonly #options: SigningRingOptions;
  readonly #ring: SealedRing<readonly Generation[]>;
  #generations: readonly Generation[] = [];
  #held = new HeldGenerations([]);
  #turn: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<void> | undefined;
  #failure: unknown;

  /** @throws ConfigurationError for a secret that is too weak. */
  constructor(options: SigningRingOptions) {
    const { store, secrets } = options;
    this.#options = options;
    this.#ring = new SealedRing({ name: 'signing', store, secrets, schema: generationsSchema });
  }

  /** As it was when it could be read last. */
  get held(): HeldGenerations {
    return this.#held;
  }

  /** Why it could not be read the last time that it was tried. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Reads the ring, and puts into it what is due; however many ask at once, it is read once.
   *
   * @throws StoreUnavailableError when the store cannot answer; ConfigurationError for another secret.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#inTurn(async () => {
      try {
        await this.#update(this.#options.clock.now(), (found) => found);
        this.#failure = undefined;
      } catch (error) {
        this.#failure = error;
        throw error;
      }
    }).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** The same where nobody waits for the outcome: a failure is told to the audit log. */
  async tryRefresh(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const rule = 'instances share their keys by a ring in a store';
      this.#tell({ kind: 'fault', code: name, rule, actual: safeText(message) });
    }
  }

  /** Makes the next generation sign from now on. @returns Whether it was old enough. */
  rotate(now: Seconds): Promise<boolean> {
    return this.#inTurn(async () => {
      let isPromoted = false;
      await this.#update(now, (found) => {
        const generations = promoted(found, now, this.#options.terms);
        isPromoted = generations !== undefined;
        return generations ?? found;
      });
      return isPromoted;
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  async #update(
    now: Seconds,
    change: (found: readonly Generation[]) => readonly Generation[],
  ): Promise<void> {
    const { terms } = this.#options;
    const { content: generations, isSaved } = await this.#ring.update(async (found = []) =>
      dueGenerations(change(found), now, terms),
    );
    if (generations !== this.#generations) {
      this.#held = await holdGenerations(generations, terms);
      this.#generations = generations;
    }
    if (isSaved) this.#tell({ kind: 'done', code: 'keys.saved' });
  }

  #tell(event: AuditEvent): void {
    this.#options.audit?.record({ ...event, requirement: 'AS-207' });
  }

  /** One change after another: the second finds what the first did. */
  #inTurn<Outcome>(act: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = this.#turn.then(act);
    this.#turn = outcome.catch(() => undefined);
    return outcome;
  }
}
