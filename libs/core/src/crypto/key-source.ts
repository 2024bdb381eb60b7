import type { Result } from '../errors/result.js';
import type { SignatureAlgorithmName } from './algorithms.js';
import type { VerificationKey } from './verification-key.js';

/** The keys that one party signs with. */
export interface KeySource {
  /**
   * The one key that may have made a signature with this header. RFC 7515 §6, RFC 8725 §3.10.
   *
   * Selects by `kid`, algorithm and use; several candidates without a `kid` are a refusal, not a
   * trial of all.
   *
   * @throws UpstreamError when the keys cannot be had.
   */
  find(header: KeyQuery): Promise<Result<VerificationKey, KeyProblem>>;

  /** Whether the key is still among them: what was verified with it lasts no longer than that. */
  has(key: VerificationKey): boolean;
}

export interface KeyQuery {
  readonly algorithm: SignatureAlgorithmName;
  readonly kid: string | undefined;
  /** Without a `kid`, only the key of a set that has no other will do. RFC 7800 §3.5. */
  readonly kidAmongSeveral?: 'required';
}

export type KeyProblem = 'unknown key' | 'ambiguous key';
