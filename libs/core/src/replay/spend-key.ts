import type { SeededHash } from './seeded-hash.js';

/**
 * The first 16 octets of a spend's digest as four words: as much of it as is remembered. Two things
 * that share them would be taken for one, which costs a peer 2^64 hashes and refuses only its own.
 */
export interface SpendKey {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
  /** 32 bits that decide where it stands; of this store and no other. */
  readonly hash: number;
}

/** @throws RangeError for anything but 32 octets: a digest is made by `spendOf`, never by a peer. */
export function spendKey(digest: Uint8Array, hash: SeededHash): SpendKey {
  if (digest.length !== 32)
    throw new RangeError('A spend is named by a SHA-256 digest: 32 octets.');
  const first = word(digest, 0);
  const second = word(digest, 4);
  const third = word(digest, 8);
  return { first, second, third, fourth: word(digest, 12), hash: hash.of(first, second) };
}

export function sameSpendKey(a: SpendKey, b: SpendKey): boolean {
  return (
    a.first === b.first && a.second === b.second && a.third === b.third && a.fourth === b.fourth
  );
}

function word(octets: Uint8Array, at: number): number {
  return (
    ((octets[at] ?? 0) |
      ((octets[at + 1] ?? 0) << 8) |
      ((octets[at + 2] ?? 0) << 16) |
      ((octets[at + 3] ?? 0) << 24)) >>>
    0
  );
}
