import { describe, expect, it } from '@jest/globals';
import { thumbprintOf } from '@keybound/core';
import { InMemoryKeyPairs } from './in-memory-key-pairs.js';
import type { KeyPair } from '@keybound/core';
import { ResourceKeys } from './resource-keys.js';

const thumbprintFor = async (keys: ResourceKeys, issuer: string, resource: string) =>
  thumbprintOf((await keys.keyForResource(issuer, resource)).publicJwk);

describe('ResourceKeys', () => {
  it('CNF-11 has another key for every resource and issuer', async () => {
    const keys = new ResourceKeys(new InMemoryKeyPairs());
    const thumbprints = [
      await thumbprintFor(keys, 'https://as.example', 'https://a.example'),
      await thumbprintFor(keys, 'https://as.example', 'https://b.example'),
      await thumbprintFor(keys, 'https://other.example', 'https://a.example'),
      await thumbprintFor(keys, 'https://as.example","https://a.example', ''),
    ];
    expect(new Set(thumbprints).size).toBe(4);
  });

  it('CNF-11 keeps to the key that a resource has', async () => {
    const store = new InMemoryKeyPairs();
    const one = await thumbprintFor(new ResourceKeys(store), 'as', 'a');
    expect(await thumbprintFor(new ResourceKeys(store), 'as', 'a')).toBe(one);
  });

  it('CNF-11 makes one key for callers that ask at the same time', async () => {
    const keys = new ResourceKeys(new InMemoryKeyPairs());
    const asked = Array.from({ length: 5 }, () => thumbprintFor(keys, 'as', 'a'));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
  });

  it('makes private keys that cannot be extracted', async () => {
    const kept: KeyPair[] = [];
    const keys = new ResourceKeys({
      find: async () => undefined,
      keepFirst: async (_name, pair) => {
        kept.push(pair);
        return pair;
      },
    });
    await keys.keyForResource('as', 'a');
    expect(kept.map(({ privateKey }) => privateKey.extractable)).toEqual([false]);
  });
});
