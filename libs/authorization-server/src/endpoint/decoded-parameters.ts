import type { Parameters } from '../extension/parameters.js';

/** Parameters by name, after decoding. Names are keys of a map, never of an object (THR-34). */
export class DecodedParameters implements Parameters {
  readonly repeated: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** @param pairs In the order in which they came. */
  constructor(pairs: Iterable<readonly [name: string, value: string]>) {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    const values = new Map<string, string[]>();
    for (const [name, value] of pairs) {
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
      if (value === '') continue;
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
    this.repeated = repeated;
    this.#values = values;
  }

  one(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }
}

export const noParameters: Parameters = new DecodedParameters([]);
