import { sql, type CompiledQuery, type Expression, type Kysely, type QueryResult } from 'kysely';
import type { Tables } from './tables.js';

/** What a statement is given, as expressions to build it of. */
export type Named<Given> = { readonly [Name in keyof Given]: Expression<Given[Name]> };

interface Built<Row> {
  compile(db: Kysely<Tables>): CompiledQuery<Row>;
}

/** A query that is asked again and again: a server may keep it prepared under its name. */
export interface NamedQuery<Row> extends CompiledQuery<Row> {
  readonly name: string;
}

/** Of the beginning of a statement in its name; a server takes 63 in all. */
const nameLength = 48;

/** Stands for a value among the parameters until a statement is run. */
class Place {
  constructor(readonly name: PropertyKey) {}
}

/**
 * A statement that is built once for each kind of database: building one takes longer than many a
 * database takes to run it.
 *
 * @typeParam Given The same members each time, in the same order.
 */
export class Statement<Given extends object, Row> {
  static #made = 0;
  readonly #build: (db: Kysely<Tables>, given: Named<Given>) => Built<Row>;
  /** By what is the same for all connections to one database, and for its transactions. */
  readonly #built = new WeakMap<object, NamedQuery<Row>>();

  constructor(build: (db: Kysely<Tables>, given: Named<Given>) => Built<Row>) {
    this.#build = build;
  }

  /** To be run elsewhere. */
  query(db: Kysely<Tables>, given: Given): NamedQuery<Row> {
    const built = this.#builtFor(db, given);
    const parameters = built.parameters.map((parameter) =>
      parameter instanceof Place ? given[parameter.name as keyof Given] : parameter,
    );
    return { ...built, parameters };
  }

  run(db: Kysely<Tables>, given: Given): Promise<QueryResult<Row>> {
    return db.executeQuery(this.query(db, given));
  }

  async all(db: Kysely<Tables>, given: Given): Promise<readonly Row[]> {
    const { rows } = await this.run(db, given);
    return rows;
  }

  /** Undefined where there is none. */
  async first(db: Kysely<Tables>, given: Given): Promise<Row | undefined> {
    const { rows } = await this.run(db, given);
    return rows[0];
  }

  /** @returns Whether it added, changed or removed a row. */
  async changes(db: Kysely<Tables>, given: Given): Promise<boolean> {
    const { numAffectedRows = 0n } = await this.run(db, given);
    return numAffectedRows > 0n;
  }

  #builtFor(db: Kysely<Tables>, given: Given): NamedQuery<Row> {
    const { adapter } = db.getExecutor();
    const known = this.#built.get(adapter);
    if (known !== undefined) return known;
    const places = Object.keys(given).map((name) => [name, sql.val(new Place(name))] as const);
    const built = this.#build(db, Object.fromEntries(places) as unknown as Named<Given>);
    const query = built.compile(db);
    // With its beginning, so that whoever reads a log of the server can tell which it is.
    const name = `${query.sql.slice(0, nameLength)} #${String(++Statement.#made)}`;
    const named = { ...query, name };
    this.#built.set(adapter, named);
    return named;
  }
}

/** Such as `statement((db, { id }: Named<{ id: string }>) => db.selectFrom(…).where('id', '=', id))`. */
export function statement<Given extends object, Row>(
  build: (db: Kysely<Tables>, given: Named<Given>) => Built<Row>,
): Statement<Given, Row> {
  return new Statement(build);
}
