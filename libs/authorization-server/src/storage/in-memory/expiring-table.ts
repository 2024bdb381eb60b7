import type { Seconds } from '@keybound/core';

/** How long a record stays after its end: a clock may step back by so much. */
const keptAfterEndSeconds = 600;
/** More than a call adds, so that what expired never piles up. */
const examinedPerSweep = 4;

interface Entry<Value> {
  readonly value: Value;
  readonly endsAt: number;
}

/**
 * A map whose records end. What ended is not found, and is dropped a little at a time: each sweep looks
 * at the next few records, round and round, so that no call is slower for the many.
 */
export class ExpiringTable<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #dropped: ((value: Value) => void) | undefined;
  #cursor = this.#entries.entries();

  /** @param dropped Told of each record that is swept away. */
  constructor(dropped?: (value: Value) => void) {
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string, now: Seconds): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.endsAt > now ? entry.value : undefined;
  }

  /** Also what ended and is still there. */
  peek(key: string): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: string, value: Value, endsAt: number): void {
    this.#entries.set(key, { value, endsAt });
  }

  /** Lets a record end later, if it does not already. */
  prolong(key: string, endsAt: number): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.endsAt < endsAt) this.set(key, entry.value, endsAt);
  }

  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  sweep(now: number): void {
    for (let examined = 0; examined < examinedPerSweep; examined++) {
      const next = this.#cursor.next();
      if (next.done === true) {
        this.#cursor = this.#entries.entries();
        return;
      }
      const [key, { value, endsAt }] = next.value;
      if (endsAt + keptAfterEndSeconds > now) continue;
      this.#entries.delete(key);
      this.#dropped?.(value);
    }
  }
}
