import type { Bulk, Row } from './bulk.js';
import { ownersIn, type NameKind } from './family-names.js';
import { clientTable, familyTables, type FamilyTable } from './family-tables.js';
import { Family } from './family.js';

type Change = (row: Row) => Row;
/** By table, rows as JSON. */
type Patterns = ReadonlyMap<FamilyTable, readonly string[]>;

/**
 * Families as rows: copies of what the stores themselves wrote of the first one, under other names. So
 * a store is filled without being asked a million times.
 */
export class Population {
  readonly size: number;
  readonly #bulk: Bulk;
  readonly #patterns: Patterns;
  readonly #kinds: ReadonlyMap<string, NameKind>;
  readonly #anyName: RegExp;

  private constructor(size: number, bulk: Bulk, first: Family, patterns: Patterns) {
    this.size = size;
    this.#bulk = bulk;
    this.#patterns = patterns;
    const names = Object.entries(first.names) as [NameKind, string][];
    this.#kinds = new Map(names.map(([kind, name]) => [name, kind]));
    this.#anyName = new RegExp([...this.#kinds.keys()].join('|'), 'g');
  }

  /**
   * @param size In grants. Families from there on are none of the store's own.
   * @throws Error where the first family is not there in full.
   */
  static async in(bulk: Bulk, size: number): Promise<Population> {
    const first = new Family(0, size);
    const patterns = new Map<FamilyTable, readonly string[]>();
    for (const each of [...familyTables, clientTable]) {
      const { table, key, kept } = each;
      const names = kept.map((kind) => first.names[kind]);
      const rows = await bulk.rowsNamed(table, key, names);
      if (rows.length !== kept.length) throw new Error(`The first family is not in ${table}.`);
      patterns.set(
        each,
        rows.map((row) => JSON.stringify(row)),
      );
    }
    return new Population(size, bulk, first, patterns);
  }

  family(index: number): Family {
    return new Family(index, this.size);
  }

  /** All but their clients. @param change What is different in each row. */
  async insert(families: readonly Family[], change?: Change): Promise<void> {
    for (const table of familyTables) await this.#insertInto(table, families, change);
  }

  /** Those that have one of their own: others share it. */
  async insertClients(families: readonly Family[]): Promise<void> {
    const owners = families.filter(({ index }) => index < ownersIn(this.size));
    await this.#insertInto(clientTable, owners);
  }

  /** Whatever is there of them, but for their clients. */
  async remove(families: readonly Family[]): Promise<void> {
    for (const { table, key, kept, next = [] } of familyTables) {
      const kinds = [...kept, ...next];
      const names = families.flatMap((family) => kinds.map((kind) => family.names[kind]));
      await this.#bulk.remove(table, key, names);
    }
  }

  async #insertInto(
    table: FamilyTable,
    families: readonly Family[],
    change: Change = (row) => row,
  ): Promise<void> {
    const patterns = this.#patterns.get(table) ?? [];
    const rows = families.flatMap((family) =>
      patterns.map((pattern) => change(this.#renamed(pattern, family))),
    );
    if (rows.length > 0) await this.#bulk.insert(table.table, rows);
  }

  #renamed(pattern: string, { names }: Family): Row {
    const text = pattern.replace(this.#anyName, (name) => {
      const kind = this.#kinds.get(name);
      return kind === undefined ? name : names[kind];
    });
    return JSON.parse(text) as Row;
  }
}
