import { accept, refuse, type Result } from '../errors/result.js';
import { algorithmFitsKey } from './algorithms.js';
import type { KeyProblem, KeyQuery } from './key-source.js';
import type { VerificationKey } from './verification-key.js';

/** The signature keys of one party at one moment. Made by `parseKeySet`, which vouches for them. */
export class KeySet {
  readonly #byKid = new Map<string, VerificationKey>();
  readonly #identities = new Set<string>();

  /** @param keys No two with one `kid`. */
  constructor(readonly keys: readonly VerificationKey[]) {
    for (const key of keys) {
      if (key.jwk.kid !== undefined) this.#byKid.set(key.jwk.kid, key);
      this.#identities.add(identityOf(key));
    }
  }

  /**
   * The one key that a header means: by `kid` where it has one, else the only one that its algorithm
   * fits. OIDC-14, RFC 8725 §3.10. A `kid` never falls back to the other keys.
   */
  find({ algorithm, kid, kidAmongSeveral }: KeyQuery): Result<VerificationKey, KeyProblem> {
    if (kid === undefined && kidAmongSeveral === 'required' && this.keys.length > 1) {
      return refuse('ambiguous key');
    }
    const named = kid === undefined ? this.keys : [this.#byKid.get(kid)];
    const [key, ...others] = named.filter(
      (candidate) => candidate !== undefined && algorithmFitsKey(algorithm, candidate.jwk),
    );
    if (key === undefined) return refuse('unknown key');
    return others.length === 0 ? accept(key) : refuse('ambiguous key');
  }

  /** Whether this key, under this `kid`, is in the set. */
  has(key: VerificationKey): boolean {
    return this.#identities.has(identityOf(key));
  }
}

/** A thumbprint has a fixed length, so the two parts cannot run into each other. */
function identityOf({ thumbprint, jwk }: VerificationKey): string {
  return jwk.kid === undefined ? thumbprint : `${thumbprint}.${jwk.kid}`;
}
