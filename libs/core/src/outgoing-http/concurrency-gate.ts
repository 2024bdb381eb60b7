/** Bounds how many requests are under way, altogether and to one host. THR-14. */
export class ConcurrencyGate {
  readonly #perHost = new Map<string, number>();
  #total = 0;

  constructor(
    readonly maxConcurrent: number,
    readonly maxConcurrentPerHost: number,
  ) {}

  /** Takes a place and answers how to give it back, once; undefined where none is free. */
  enter(host: string): (() => void) | undefined {
    const here = this.#perHost.get(host) ?? 0;
    if (this.#total >= this.maxConcurrent || here >= this.maxConcurrentPerHost) return undefined;
    this.#total += 1;
    this.#perHost.set(host, here + 1);
    return () => {
      this.#leave(host);
    };
  }

  #leave(host: string): void {
    this.#total -= 1;
    const others = (this.#perHost.get(host) ?? 1) - 1;
    if (others === 0) this.#perHost.delete(host);
    else this.#perHost.set(host, others);
  }
}
