import type { RefreshTokenRecord, RefreshUse } from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { sql } from 'kysely';
import type { Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { RefreshTokenTable } from '../database/tables.js';
import { liveGrant } from './live-grant.js';

const insert = statement((db, row: Named<RefreshTokenTable>) =>
  db.insertInto('keybound_refresh_token').values(row),
);

export async function insertRefreshToken(db: Db, record: RefreshTokenRecord): Promise<void> {
  const { binding, lastUsedAt, idleExpiresAt, retiredAt, ...body } = record;
  const { hash, grantId, parentHash = null } = record;
  await insert.run(db, {
    hash,
    grant_id: grantId,
    parent_hash: parentHash,
    body: JSON.stringify(body),
    binding: bindingText(binding),
    last_used_at: lastUsedAt,
    ends_at: idleExpiresAt,
    replaced_at: retiredAt ?? null,
    passed_over_at: null,
    succeeded: 0,
  });
}

const selectAny = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_refresh_token')
    .select(['hash', 'grant_id', 'parent_hash', 'replaced_at', 'passed_over_at', 'succeeded'])
    .where('hash', '=', hash)
    .where('ends_at', '>', now),
);

/** What decides whether a refresh token may be used. */
export type TokenInFamily = Omit<
  RefreshTokenTable,
  'body' | 'binding' | 'last_used_at' | 'ends_at'
>;

/** Of whatever grant. Nobody else changes it while its grant is held. */
export function selectTokenInFamily(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<TokenInFamily | undefined> {
  return selectAny.first(db, { hash, now });
}

const select = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_refresh_token')
    .select(['body', 'binding', 'last_used_at', 'ends_at', 'replaced_at', 'passed_over_at'])
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .where((where) =>
      where.exists(liveGrant(db, where.ref('keybound_refresh_token.grant_id'), now)),
    ),
);

export async function selectRefreshToken(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<RefreshTokenRecord | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await select.first(db, { hash, now });
  if (row === undefined) return undefined;
  const { body, binding, last_used_at: lastUsedAt, ends_at: endsAt } = row;
  const retiredAt = row.passed_over_at ?? row.replaced_at;
  return {
    ...(JSON.parse(body) as Omit<
      RefreshTokenRecord,
      'binding' | 'lastUsedAt' | 'idleExpiresAt' | 'retiredAt'
    >),
    binding: binding === null ? undefined : (JSON.parse(binding) as RefreshTokenRecord['binding']),
    lastUsedAt: seconds(lastUsedAt),
    idleExpiresAt: seconds(endsAt),
    retiredAt: retiredAt === null ? undefined : seconds(retiredAt),
  };
}

/** Live, or replaced so lately that the answer may have been lost (AS-72). */
export function mayBeUsed(
  { replaced_at: replacedAt, passed_over_at: passedOverAt, succeeded }: TokenInFamily,
  { successor, graceSeconds, now }: RefreshUse,
): boolean {
  if (passedOverAt !== null) return false;
  if (replacedAt === null) return true;
  return (
    successor !== undefined &&
    succeeded === 0 &&
    // No grace is none, also under a clock that is behind.
    graceSeconds > 0 &&
    now < replacedAt + graceSeconds
  );
}

const replace = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .updateTable('keybound_refresh_token')
    .set({ last_used_at: now, replaced_at: sql<number>`coalesce(replaced_at, ${now})` })
    .where('hash', '=', hash),
);

const keep = statement(
  (
    db,
    {
      hash,
      ...changes
    }: Named<Pick<RefreshTokenTable, 'hash' | 'last_used_at' | 'ends_at' | 'binding'>>,
  ) => db.updateTable('keybound_refresh_token').set(changes).where('hash', '=', hash),
);

const chooseAmongSiblings = statement(
  (db, { hash, parent, now }: Named<{ hash: string; parent: string; now: Seconds }>) =>
    db
      .updateTable('keybound_refresh_token')
      .set({
        succeeded: sql<number>`case when hash = ${parent} then 1 else succeeded end`,
        passed_over_at: sql<number>`case when hash = ${parent} then passed_over_at
                                    else coalesce(passed_over_at, ${now}) end`,
      })
      .where((where) =>
        where.or([
          where('hash', '=', parent),
          where.and([where('parent_hash', '=', parent), where('hash', '!=', hash)]),
        ]),
      ),
);

/** Its siblings are over with its first use, and so is the grace of the token that it replaced. */
export async function useRefreshToken(
  db: Db,
  { hash, parent_hash: parent, replaced_at: replacedAt }: TokenInFamily,
  { successor, idleExpiresAt, binding, now }: RefreshUse,
): Promise<void> {
  if (successor === undefined) {
    const changes = { last_used_at: now, ends_at: idleExpiresAt, binding: bindingText(binding) };
    await keep.run(db, { hash, ...changes });
  } else {
    await replace.run(db, { hash, now });
    await insertRefreshToken(db, successor);
  }
  if (parent !== null && replacedAt === null) {
    await chooseAmongSiblings.run(db, { hash, parent, now });
  }
}

function bindingText(binding: RefreshTokenRecord['binding']): string | null {
  return binding === undefined ? null : JSON.stringify(binding);
}
