import {
  accept,
  BoundedCache,
  importVerificationKey,
  splitHttpUrl,
  type KeySource,
  type Rejection,
  type Result,
  type SignatureAlgorithmName,
  type VerificationKey,
} from '@keybound/core';
import type { Cnf } from './cnf-claim.js';
import { reject } from './rejections.js';

/** Whether `cnf.jku` is followed, and to which hosts. RFC 7800 §3.5. */
export type JkuPolicy =
  | { readonly mode: 'off' }
  | {
      readonly mode: 'allowed-hosts';
      /** Exact host names, lower case; never matched as a suffix. */
      readonly hosts: ReadonlySet<string>;
      /** Makes the source of one URL's keys. */
      readonly keysOf: (url: string) => KeySource;
    };

const maxKeySets = 100;

/** Finds the key that a `cnf` names, and keeps it as long as its token is kept. */
export class ConfirmationKeys {
  readonly #embedded = new WeakMap<Cnf, VerificationKey>();
  readonly #sets = new BoundedCache<string, KeySource>(maxKeySets);

  constructor(readonly jku: JkuPolicy) {}

  /** @throws UpstreamError when the key set that `jku` names cannot be had. */
  async resolve(
    cnf: Cnf,
    algorithm: SignatureAlgorithmName,
  ): Promise<Result<VerificationKey, Rejection>> {
    const known = this.#embedded.get(cnf);
    if (known !== undefined) return accept(known);
    if (cnf.jku !== undefined) return this.#fetch(cnf.jku, cnf.kid, algorithm);
    if (cnf.jwk === undefined) return reject('cnf.key', 'CNF-07');
    const key = await importVerificationKey(cnf.jwk);
    if (!key.ok) return reject('cnf.key', 'CNF-04', { actual: key.failure });
    this.#embedded.set(cnf, key.value);
    return key;
  }

  async #fetch(
    jku: string,
    kid: string | undefined,
    algorithm: SignatureAlgorithmName,
  ): Promise<Result<VerificationKey, Rejection>> {
    if (this.jku.mode === 'off') return reject('cnf.key_set', 'CNF-08', { actual: 'jku is off' });
    const url = splitHttpUrl(jku);
    const allowed = url?.origin.startsWith('https:') === true && this.jku.hosts.has(url.host);
    if (!allowed) return reject('cnf.key_set', 'CNF-08', { actual: jku });
    let source = this.#sets.get(jku);
    if (source === undefined) this.#sets.set(jku, (source = this.jku.keysOf(jku)));
    const key = await source.find({ kid, algorithm });
    return key.ok ? key : reject('cnf.key_set', 'CNF-08', { actual: key.failure });
  }
}
