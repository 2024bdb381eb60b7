import type { CountLimit } from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import { sql, type Expression } from 'kysely';
import type { Db } from '../database/database.js';
import { statement, type Named, type Statement } from '../database/statement.js';
import type { CountTable } from '../database/tables.js';

/** `now`, and for each window, by its place in the order, `name0` and `end0`. */
type Windows = Readonly<Record<string, string | number>>;

/** By how many windows they count. */
const statements = new Map<number, Statement<Windows, CountTable>>();

/**
 * Counts one more in each window, or begins it; all of them or none.
 *
 * @param limits By their names.
 */
export async function countAll(
  db: Db,
  limits: ReadonlyMap<string, CountLimit>,
  now: Seconds,
): Promise<readonly CountTable[]> {
  if (limits.size === 0) return [];
  const windows: Record<string, string | number> = { now };
  // One order for all, so that no two wait for each other.
  for (const [index, name] of [...limits.keys()].sort().entries()) {
    windows[`name${String(index)}`] = name;
    windows[`end${String(index)}`] = now + (limits.get(name)?.windowSeconds ?? 0);
  }
  let counting = statements.get(limits.size);
  if (counting === undefined)
    statements.set(limits.size, (counting = countingStatement(limits.size)));
  return counting.all(db, windows);
}

function countingStatement(size: number): Statement<Windows, CountTable> {
  return statement((db, windows: Named<Windows>) => {
    const given = (name: string) => windows[name] as Expression<never>;
    const begun = sql<boolean>`keybound_count.ends_at > ${given('now')}`;
    const rows = Array.from({ length: size }, (_, index) => ({
      name: given(`name${String(index)}`),
      attempts: 1,
      ends_at: given(`end${String(index)}`),
    }));
    return db
      .insertInto('keybound_count')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({
          attempts: sql`case when ${begun} then keybound_count.attempts + 1 else 1 end`,
          ends_at: sql`case when ${begun} then keybound_count.ends_at else excluded.ends_at end`,
        }),
      )
      .returning(['name', 'attempts', 'ends_at']);
  });
}
