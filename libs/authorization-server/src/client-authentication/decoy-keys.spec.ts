import { describe, expect, it } from '@jest/globals';
import { algorithmFitsKey, signatureAlgorithmNames } from '@keybound/core';
import { decoyKey } from './decoy-keys.js';

describe('decoyKey', () => {
  it.each(signatureAlgorithmNames)('INV-7 has a key that %s verifies with', async (algorithm) => {
    const key = await decoyKey(algorithm);
    expect(algorithmFitsKey(algorithm, key.jwk)).toBe(true);
    expect(await decoyKey(algorithm)).toBe(key);
  });
});
