import { parseConfiguration } from '../configuration/parse-configuration.js';
import { UpstreamError } from '../errors/faults.js';
import type { Result } from '../errors/result.js';
import type { OutgoingHttp } from '../outgoing-http/outgoing-http.js';
import type { Clock } from '../time/clock.js';
import { fetchKeySet, type FetchBounds } from './fetch-key-set.js';
import type { KeySet } from './key-set.js';
import type { KeyProblem, KeyQuery, KeySource } from './key-source.js';
import {
  remoteKeysTiming,
  type RemoteKeysTiming,
  type RemoteKeysTimingInput,
} from './remote-keys.schema.js';
import type { VerificationKey } from './verification-key.js';

export interface RemoteKeysOptions extends RemoteKeysTimingInput {
  readonly http: OutgoingHttp;
  readonly clock: Clock;
  /** Where the set is; asked before each fetch. Rejects with UpstreamError where it cannot tell. */
  readonly resolveUri: string | (() => Promise<string>);
  readonly bounds?: FetchBounds;
}

const shortestAge = 60;
const longestAge = 86_400;

/**
 * Keys at a URL (`jwks_uri`), fetched when first needed. OIDC-14, RS-13, THR-63, THR-75.
 *
 * However many ask at once, one fetch is under way. A key that is not in the set causes a fetch once
 * per cool-down; an answer that fails or holds no good set leaves the last good one in use.
 *
 * @throws ConfigurationError for times that make no sense.
 */
export function remoteKeys({
  http,
  clock,
  resolveUri,
  bounds,
  ...timing
}: RemoteKeysOptions): KeySource {
  const times = parseConfiguration('remoteKeys', remoteKeysTiming, timing);
  const uri = typeof resolveUri === 'string' ? () => Promise.resolve(resolveUri) : resolveUri;
  return new RemoteKeys(async () => fetchKeySet(await uri(), http, bounds), clock, times);
}

/** Moments in seconds since 1970. */
interface HeldKeys {
  readonly keys: KeySet;
  /** From here on a newer set is wanted. */
  readonly dueAt: number;
  /** From here on this one is not used any more. */
  readonly staleAt: number;
}

class RemoteKeys implements KeySource {
  #held: HeldKeys | undefined;
  #retryAt = -Infinity;
  #failure: UpstreamError | undefined;
  #underWay: Promise<void> | undefined;

  constructor(
    readonly fetchKeys: () => ReturnType<typeof fetchKeySet>,
    readonly clock: Clock,
    readonly times: RemoteKeysTiming,
  ) {}

  async find(header: KeyQuery): Promise<Result<VerificationKey, KeyProblem>> {
    if (this.#isDue()) await this.#refresh();
    const found = this.#usable().find(header);
    if (found.ok || found.failure !== 'unknown key' || !this.#mayFetch()) return found;
    await this.#refresh();
    return this.#usable().find(header);
  }

  /** False also when a newer set is due, so that a verdict kept by somebody is asked for again. */
  has(key: VerificationKey): boolean {
    return !this.#isDue() && this.#isUsable(this.#held) && this.#held.keys.has(key);
  }

  #isDue(): boolean {
    const { dueAt } = this.#held ?? { dueAt: -Infinity };
    return this.clock.now() >= dueAt && this.#mayFetch();
  }

  #mayFetch(): boolean {
    return this.#underWay !== undefined || this.clock.now() >= this.#retryAt;
  }

  #isUsable(held: HeldKeys | undefined): held is HeldKeys {
    return held !== undefined && this.clock.now() < held.staleAt;
  }

  #usable(): KeySet {
    if (this.#isUsable(this.#held)) return this.#held.keys;
    throw new UpstreamError('The keys of a remote party cannot be had.', { cause: this.#failure });
  }

  #refresh(): Promise<void> {
    this.#underWay ??= this.#fetch().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  async #fetch(): Promise<void> {
    const { cooldownSeconds, failureCooldownSeconds, maxStaleSeconds } = this.times;
    try {
      const { keys, maxAgeSeconds = this.times.maxAgeSeconds } = await this.fetchKeys();
      const now = this.clock.now();
      const age = Math.min(Math.max(maxAgeSeconds, shortestAge), longestAge, maxStaleSeconds);
      this.#held = { keys, dueAt: now + age, staleAt: now + maxStaleSeconds };
      this.#retryAt = now + cooldownSeconds;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      this.#failure = error;
      this.#retryAt = this.clock.now() + failureCooldownSeconds;
    }
  }
}
