import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { SignatureAlgorithmName } from './algorithms.js';
import { leftHalfHash } from './left-half-hash.js';

interface Case {
  readonly token?: string;
  readonly code?: string;
  readonly alg: SignatureAlgorithmName;
  readonly at_hash?: string;
  readonly c_hash?: string;
}

const { cases } = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/authorization-server/as-at-hash.json', import.meta.url),
    'utf8',
  ),
) as { readonly cases: readonly Case[] };

describe('leftHalfHash', () => {
  it.each(cases.map((vector, at) => [`${String(at + 1)} ${vector.alg}`, vector] as const))(
    'AS-161 [as-at-hash %s] is what the table says',
    (_name, { token, code, alg, at_hash, c_hash }) => {
      expect(leftHalfHash(token ?? code ?? '', alg)).toBe(at_hash ?? c_hash);
    },
  );

  it('AS-161 is another for another token', () => {
    expect(leftHalfHash('one', 'ES256')).not.toBe(leftHalfHash('two', 'ES256'));
  });
});
