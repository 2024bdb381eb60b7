import type {
  JsonObject,
  KeySource,
  Seconds,
  SignatureAlgorithmName,
  Signer,
} from '@keybound/core';
import type { KeyRotation } from './key-rotation.js';

/**
 * The server's own keys. Each goes through three states: next (published, not used), current, and
 * retired (published until the last thing it signed has expired). AS-207.
 */
export interface SigningKeys {
  /** Algorithms for which there is a current key. */
  readonly algorithms: readonly SignatureAlgorithmName[];
  /** The one that signs now. @throws UpstreamError when its holder cannot answer. */
  current(algorithm: SignatureAlgorithmName, now: Seconds): Promise<CurrentKey>;
  /** What `jwks_uri` shows: public members only, distinct `kid`s (the thumbprint), `use` and `alg`. */
  published(now: Seconds): Promise<JsonObject>;
  /** For those who verify in process: the same keys. */
  readonly source: KeySource;
  /** Whether they end with this process; absent where somebody else holds them. THR-84. */
  readonly sharing?: 'process' | 'shared';
  /** Of keys that come and go by themselves; of others only whoever lists them knows. */
  readonly rotation?: KeyRotation;
}

export interface CurrentKey {
  readonly kid: string;
  readonly signer: Signer;
}
