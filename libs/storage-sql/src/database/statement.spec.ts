import { describe, expect, it, jest } from '@jest/globals';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Db } from './database.js';
import { statement, type Named } from './statement.js';
import type { Tables } from './tables.js';

const database = () =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });

describe('Statement', () => {
  const build = (db: Db, { id, now }: Named<{ id: string; now: number }>) =>
    db
      .selectFrom('keybound_grant')
      .select('body')
      .where('ends_at', '>', now)
      .where('id', '=', id)
      .where('created_at', '<=', now);

  it('AS-270 puts each value where it is named, and what is always the same beside it', () => {
    const { sql, parameters } = statement(build).query(database(), { id: 'a', now: 1 });
    expect(sql).toMatch(/"ends_at" > \$1 and "id" = \$2 and "created_at" <= \$3$/);
    expect(parameters).toEqual([1, 'a', 1]);
  });

  it('AS-270 is built once for a database and its transactions, under a name of its own', async () => {
    const counted = jest.fn(build);
    const [once, other] = [statement(counted), statement(build)];
    const db = database();
    const first = once.query(db, { id: 'a', now: 1 });
    const second = await db
      .transaction()
      .execute((within) => Promise.resolve(once.query(within, { now: 2, id: 'b' })));
    expect(second.parameters).toEqual([2, 'b', 2]);
    expect(second.name).toBe(first.name);
    expect(counted).toHaveBeenCalledTimes(1);
    expect(other.query(db, { id: 'a', now: 1 }).name).not.toBe(first.name);
    expect(once.query(database(), { id: 'a', now: 1 }).name).not.toBe(first.name);
    expect(first.name.length).toBeLessThan(64);
  });
});
