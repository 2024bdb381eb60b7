import { ConfigurationError, KeySet, type JsonObject, type KeySource } from '@keybound/core';
import type { PublishedKey } from './published-key.js';

/** The keys that are published at one moment. */
export class PublishedKeys {
  readonly document: JsonObject;
  readonly keySet: KeySet;

  /** @throws ConfigurationError for two keys of one name: the same key twice. */
  constructor(keys: readonly PublishedKey[]) {
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
      throw new ConfigurationError('A signing key is listed twice; give each use its own key.');
    }
    this.document = { keys: keys.map(({ jwk }) => jwk) };
    this.keySet = new KeySet(keys.map(({ verification }) => verification));
  }
}

/** A key source over keys that are always the same. */
export function keySourceOf({ keySet }: PublishedKeys): KeySource {
  return {
    find: (header) => Promise.resolve(keySet.find(header)),
    has: (key) => keySet.has(key),
  };
}
