import type { KeyPair } from '@keybound/core';
import type { KeyPairStore } from './key-pair-store.js';

/** Key pairs that are lost with the process, and the tokens bound to them with it. */
export class InMemoryKeyPairs implements KeyPairStore {
  readonly #pairs = new Map<string, KeyPair>();

  async find(name: string): Promise<KeyPair | undefined> {
    return this.#pairs.get(name);
  }

  async keepFirst(name: string, pair: KeyPair): Promise<KeyPair> {
    const kept = this.#pairs.get(name) ?? pair;
    this.#pairs.set(name, kept);
    return kept;
  }
}
