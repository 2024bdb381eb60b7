import type { SeededHash } from './seeded-hash.js';
import type { SpendKey } from './spend-key.js';

/** Words in a slot: four of the key, then the second from which the slot is free; 0 is an empty slot. */
const stride = 5;
const heldUntil = 4;
const fewestSlots = 64;
/** Above this, linear probing gets slow. */
const fullest = 0.8;
const never = 2 ** 32;
const noSlots = new Uint32Array(0);

/** `forgotten`: not there, but an entry held as long was dropped, by a clock that has since gone back. */
export type SpendState = 'free' | 'spent' | 'forgotten';

/**
 * One shard of the in-memory replay store: open addressing in a typed array, 20 octets a slot.
 *
 * Moments are whole seconds, above 0 and below 2^32. An expired entry keeps its slot until another
 * key that passes by takes it, or a rebuild drops it.
 */
export class SpendTable {
  readonly #hash: SeededHash;
  #slots = noSlots;
  #used = 0;
  #earliest = never;
  #forgottenUntil = 0;

  constructor(hash: SeededHash) {
    this.#hash = hash;
  }

  /** Entries, including expired ones that were not dropped yet. */
  get used(): number {
    return this.#used;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** No entry expires before this second. */
  get earliest(): number {
    return this.#earliest;
  }

  /** @param until The second until which the key would be held. */
  stateOf(key: SpendKey, until: number, now: number): SpendState {
    const at = this.#seat(key, now);
    if (this.#isAt(at, key)) return this.#untilAt(at) > now ? 'spent' : 'free';
    return until <= this.#forgottenUntil ? 'forgotten' : 'free';
  }

  /** Holds a key of which {@link stateOf} just said that it is free. */
  hold(key: SpendKey, until: number, now: number): void {
    const seat = this.#seat(key, now);
    const mustGrow = this.#untilAt(seat) === 0 && this.#used + 1 > this.#capacity * fullest;
    if (mustGrow) this.#rebuild(Math.max(fewestSlots, this.#countLive(now) * 2), now);
    this.#write(mustGrow ? this.#seat(key, now) : seat, key, until);
  }

  /** Drops what has expired and makes the table fit the rest. */
  compact(now: number): void {
    const live = this.#countLive(now);
    this.#rebuild(live === 0 ? 0 : Math.max(fewestSlots, live * 2), now);
  }

  /** {@link compact}, if more than two thirds of the slots could be given back. */
  shrink(now: number): void {
    if (this.#earliest <= now && this.#countLive(now) * 3 < this.#capacity) this.compact(now);
  }

  get #capacity(): number {
    return this.#slots.length / stride;
  }

  /** Where the key stands or, if it is not there, where it may be written. */
  #seat(key: SpendKey, now: number): number {
    const share = key.hash / 2 ** 32;
    let expired: number | undefined;
    for (let at = Math.floor(share * this.#capacity) * stride; ; at = this.#after(at)) {
      const until = this.#untilAt(at);
      if (until === 0) return expired ?? at;
      if (this.#isAt(at, key)) return at;
      if (until <= now) expired ??= at;
    }
  }

  #after(at: number): number {
    return at + stride === this.#slots.length ? 0 : at + stride;
  }

  #untilAt(at: number): number {
    return this.#slots[at + heldUntil] ?? 0;
  }

  #isAt(at: number, key: SpendKey): boolean {
    const slots = this.#slots;
    return (
      slots[at] === key.first &&
      slots[at + 1] === key.second &&
      slots[at + 2] === key.third &&
      slots[at + 3] === key.fourth
    );
  }

  #write(at: number, key: SpendKey, until: number): void {
    if (this.#untilAt(at) === 0) this.#used++;
    this.#forget(this.#untilAt(at));
    this.#slots[at] = key.first;
    this.#slots[at + 1] = key.second;
    this.#slots[at + 2] = key.third;
    this.#slots[at + 3] = key.fourth;
    this.#slots[at + heldUntil] = until;
    this.#earliest = Math.min(this.#earliest, until);
  }

  /** Remembered, because a clock that goes back makes what was dropped acceptable again. */
  #forget(until: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil, until);
  }

  #countLive(now: number): number {
    let live = 0;
    for (let at = 0; at < this.#slots.length; at += stride) if (this.#untilAt(at) > now) live++;
    return live;
  }

  #rebuild(capacity: number, now: number): void {
    const before = this.#slots;
    this.#slots = capacity === 0 ? noSlots : new Uint32Array(capacity * stride);
    this.#used = 0;
    this.#earliest = never;
    for (let at = 0; at < before.length; at += stride) {
      const until = before[at + heldUntil] ?? 0;
      if (until <= now) {
        this.#forget(until);
        continue;
      }
      const key = this.#keyAt(before, at);
      this.#write(this.#seat(key, now), key, until);
    }
  }

  /** A copy, since what it is taken from is about to be dropped. */
  #keyAt(slots: Uint32Array, at: number): SpendKey {
    const [first, second] = [slots[at] ?? 0, slots[at + 1] ?? 0];
    const [third, fourth] = [slots[at + 2] ?? 0, slots[at + 3] ?? 0];
    return { first, second, third, fourth, hash: this.#hash.of(first, second) };
  }
}
