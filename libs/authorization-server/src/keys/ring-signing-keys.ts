import type { JsonObject, KeySource, Seconds, SignatureAlgorithmName } from '@keybound/core';
import type { RotationTerms } from './key-rotation.js';
import { noSuchKey } from './no-such-key.js';
import { RingKeySource } from './ring-key-source.js';
import type { SharedSigningKeys } from './rotating-signing-keys.js';
import { SigningRing, type SigningRingOptions } from './signing-ring.js';
import type { CurrentKey } from './signing-keys.js';

/** The longest time for which a key of another instance stays unknown to one that is asked for it. */
const cooldownSeconds = 30;

/** Signing keys that are the generations of a ring. */
export class RingSigningKeys implements SharedSigningKeys {
  readonly source: KeySource;
  readonly sharing: 'process' | 'shared';
  readonly rotation: RotationTerms;
  readonly algorithms: readonly SignatureAlgorithmName[];
  readonly #ring: SigningRing;
  #timer: NodeJS.Timeout | undefined;

  private constructor(ring: SigningRing, { store, terms, clock }: SigningRingOptions) {
    this.#ring = ring;
    this.sharing = store.sharing;
    this.rotation = terms;
    this.algorithms = terms.algorithms;
    this.source = new RingKeySource(ring, clock, cooldownOf(terms));
  }

  /**
   * With the keys that are there, or with the first ones, made now.
   *
   * @throws StoreUnavailableError when the store cannot answer; ConfigurationError for another secret.
   */
  static async open(options: SigningRingOptions): Promise<RingSigningKeys> {
    const ring = new SigningRing(options);
    await ring.refresh();
    return new RingSigningKeys(ring, options);
  }

  current(algorithm: SignatureAlgorithmName, now: Seconds): Promise<CurrentKey> {
    return this.#ring.held.at(now).signing.get(algorithm) ?? Promise.reject(noSuchKey(algorithm));
  }

  published(now: Seconds): Promise<JsonObject> {
    return Promise.resolve(this.#ring.held.at(now).published.document);
  }

  rotate(now: Seconds): Promise<boolean> {
    return this.#ring.rotate(now);
  }

  refresh(): Promise<void> {
    return this.#ring.refresh();
  }

  /** Until closed; it does not keep the process running. */
  refreshEvery(seconds: number): void {
    this.#timer = setInterval(() => void this.#ring.tryRefresh(), seconds * 1_000).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ring.idle();
  }
}

function cooldownOf({ refreshSeconds }: RotationTerms): number | undefined {
  return refreshSeconds === 0 ? undefined : Math.min(refreshSeconds, cooldownSeconds);
}
