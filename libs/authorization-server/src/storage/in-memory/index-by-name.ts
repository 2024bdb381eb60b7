/** Which entries bear a name; a name without entries takes no room. */
export class IndexByName<Entry> {
  readonly #entries = new Map<string, Set<Entry>>();

  constructor(readonly nameOf: (entry: Entry) => string) {}

  add(entry: Entry): void {
    const name = this.nameOf(entry);
    const entries = this.#entries.get(name);
    if (entries === undefined) this.#entries.set(name, new Set([entry]));
    else entries.add(entry);
  }

  delete(entry: Entry): void {
    const name = this.nameOf(entry);
    const entries = this.#entries.get(name);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(name);
  }

  all(name: string): Iterable<Entry> {
    return this.#entries.get(name) ?? [];
  }
}
