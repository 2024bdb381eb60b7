/** One table of 256 random words for each of the eight octets that are hashed. */
const octets = 8;

/**
 * Simple tabulation hashing of 64 bits to 32 under a random seed (Pătraşcu and Thorup, "The Power of
 * Simple Tabulation Hashing", 2011): linear probing then takes constant expected time for any set of
 * keys, also one that a peer ground out, as long as it cannot see the seed.
 */
export class SeededHash {
  readonly #words = new Uint32Array(octets * 256);

  constructor() {
    globalThis.crypto.getRandomValues(this.#words);
  }

  /** 32 bits, unsigned. */
  of(first: number, second: number): number {
    return (this.#half(first, 0) ^ this.#half(second, 4 * 256)) >>> 0;
  }

  #half(word: number, table: number): number {
    const words = this.#words;
    return (
      (words[table + (word & 0xff)] ?? 0) ^
      (words[table + 256 + ((word >>> 8) & 0xff)] ?? 0) ^
      (words[table + 512 + ((word >>> 16) & 0xff)] ?? 0) ^
      (words[table + 768 + (word >>> 24)] ?? 0)
    );
  }
}
