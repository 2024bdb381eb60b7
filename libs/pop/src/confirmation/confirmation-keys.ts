import {
  accept,
  BoundedCache,
  importVerificationKey,
  splitHttpUrl,
  type DecryptionKeys,
  type JsonObject,
  type JsonValue,
  type JwsAlgorithmName,
  type KeySource,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { Cnf } from './cnf-claim.js';
import type { ConfirmationKey } from './confirmation-key.js';
import { openEncryptedKey } from './encrypted-key.js';
import { keyByName, type KidPolicy } from './key-by-name.js';
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

/** What the operator decided about keys that are not in the token as they are. */
export interface ConfirmationKeyPolicy {
  readonly jku: JkuPolicy;
  readonly kid: KidPolicy;
  /** For `cnf.jwe`; undefined where symmetric keys are off. */
  readonly decryption: DecryptionKeys | undefined;
}

/** A confirmation whose key is asked for, and what came with it. */
export interface NamedKey {
  readonly cnf: Cnf;
  /** Of the token. */
  readonly issuer: string;
  /** Of the proof. */
  readonly algorithm: JwsAlgorithmName;
  /** The top-level `cnf` of the signed request. Nobody vouches for it. */
  readonly reference: JsonValue | undefined;
}

const maxKeySets = 100;

/** Finds the key that a `cnf` names; one that the token holds is kept as long as the token is. */
export class ConfirmationKeys {
  readonly #embedded = new WeakMap<Cnf, ConfirmationKey>();
  readonly #sets = new BoundedCache<string, KeySource>(maxKeySets);

  constructor(readonly policy: ConfirmationKeyPolicy) {}

  /** @throws UpstreamError when the key set that `jku` names cannot be had. */
  async resolve(named: NamedKey): Promise<Result<ConfirmationKey, Rejection>> {
    const { cnf, issuer, reference } = named;
    const known = this.#embedded.get(cnf);
    if (known !== undefined) return accept(known);
    if (cnf.jku !== undefined) return this.#fetch(cnf.jku, named);
    if (cnf.jwk === undefined && cnf.jwe === undefined) {
      if (cnf.kid === undefined) return reject('cnf.key', 'CNF-07');
      const key = await keyByName(cnf.kid, issuer, reference, this.policy.kid);
      return key.ok ? accept({ kind: 'signature', key: key.value }) : key;
    }
    const key = cnf.jwe === undefined ? await fromJwk(cnf.jwk) : await this.#decrypt(cnf.jwe);
    if (key.ok) this.#embedded.set(cnf, key.value);
    return key;
  }

  async #decrypt(jwe: string): Promise<Result<ConfirmationKey, Rejection>> {
    const key = await openEncryptedKey(jwe, this.policy.decryption);
    return key.ok ? accept({ kind: 'mac', key: key.value }) : key;
  }

  async #fetch(
    jku: string,
    { cnf: { kid }, algorithm }: NamedKey,
  ): Promise<Result<ConfirmationKey, Rejection>> {
    const policy = this.policy.jku;
    if (policy.mode === 'off') return reject('cnf.key_set', 'CNF-08', { actual: 'jku is off' });
    const url = splitHttpUrl(jku);
    const allowed = url?.origin.startsWith('https:') === true && policy.hosts.has(url.host);
    if (!allowed) return reject('cnf.key_set', 'CNF-08', { actual: jku });
    if (algorithm === 'HS256') return reject('cnf.key_set', 'CNF-08', { actual: algorithm });
    let source = this.#sets.get(jku);
    if (source === undefined) this.#sets.set(jku, (source = policy.keysOf(jku)));
    const key = await source.find({ kid, algorithm, kidAmongSeveral: 'required' });
    if (key.ok) return accept({ kind: 'signature', key: key.value });
    return reject('cnf.key_set', 'CNF-08', { actual: key.failure });
  }
}

async function fromJwk(jwk: JsonObject | undefined): Promise<Result<ConfirmationKey, Rejection>> {
  if (jwk?.['kty'] === 'oct') return reject('cnf.key', 'CNF-05');
  const key = await importVerificationKey(jwk);
  if (key.ok) return accept({ kind: 'signature', key: key.value });
  return reject('cnf.key', 'CNF-04', { actual: key.failure });
}
