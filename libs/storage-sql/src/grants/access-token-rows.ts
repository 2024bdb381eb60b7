import type { AccessTokenName, AccessTokenRecord } from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import { sql, type Expression } from 'kysely';
import type { Db } from '../database/database.js';
import { isPossibleName } from '../database/possible-name.js';
import { statement, type Named } from '../database/statement.js';
import type { AccessTokenTable } from '../database/tables.js';
import { selectGrant } from './grant-rows.js';
import { liveGrant } from './live-grant.js';

const insert = statement((db, row: Named<AccessTokenTable>) =>
  db
    .insertInto('keybound_access_token')
    .values(row)
    .onConflict((conflict) => conflict.column('hash').doNothing()),
);

export async function insertAccessToken(db: Db, record: AccessTokenRecord): Promise<void> {
  const { hash, jti, grantId = null, expiresAt } = record;
  const body = JSON.stringify(record);
  await insert.run(db, { hash, jti, grant_id: grantId, body, ends_at: expiresAt });
}

const select = statement((db, { hash, now }: Named<{ hash: string; now: Seconds }>) =>
  db
    .selectFrom('keybound_access_token')
    .select('body')
    .where('hash', '=', hash)
    .where('ends_at', '>', now)
    .where((where) =>
      where.not(where.exists(revocation(db, where.ref('keybound_access_token.jti'), now))),
    )
    .where((where) =>
      where.or([
        where('grant_id', 'is', null),
        where.exists(liveGrant(db, where.ref('keybound_access_token.grant_id'), now)),
      ]),
    ),
);

export async function selectAccessToken(
  db: Db,
  hash: string,
  now: Seconds,
): Promise<AccessTokenRecord | undefined> {
  if (!isPossibleName(hash)) return undefined;
  const row = await select.first(db, { hash, now });
  return row === undefined ? undefined : (JSON.parse(row.body) as AccessTokenRecord);
}

const revoke = statement((db, { jti, until }: Named<{ jti: string; until: Seconds }>) =>
  db
    .insertInto('keybound_revoked_token')
    .values({ jti, ends_at: until })
    .onConflict((conflict) =>
      conflict
        .column('jti')
        .doUpdateSet({ ends_at: until })
        .where('keybound_revoked_token.ends_at', '<', until),
    ),
);

export async function revokeAccessToken(db: Db, jti: string, until: Seconds): Promise<void> {
  if (isPossibleName(jti)) await revoke.run(db, { jti, until });
}

const selectRevocation = statement((db, { jti, now }: Named<{ jti: string; now: Seconds }>) =>
  revocation(db, jti, now),
);

const selectActive = statement(
  (db, { jti, grantId, now }: Named<{ jti: string; grantId: string; now: Seconds }>) =>
    liveGrant(db, grantId, now).where((where) => where.not(where.exists(revocation(db, jti, now)))),
);

export async function isAccessTokenActive(
  db: Db,
  { jti, grantId }: AccessTokenName,
  now: Seconds,
): Promise<boolean> {
  // No such token can have been revoked; its grant can.
  if (!isPossibleName(jti)) {
    return grantId === undefined || (await selectGrant(db, grantId, now)) !== undefined;
  }
  if (grantId === undefined) return (await selectRevocation.first(db, { jti, now })) === undefined;
  if (!isPossibleName(grantId)) return false;
  return (await selectActive.first(db, { jti, grantId, now })) !== undefined;
}

function revocation(db: Db, jti: Expression<string>, now: Expression<Seconds>) {
  return db
    .selectFrom('keybound_revoked_token as revoked')
    .select(sql<number>`1`.as('one'))
    .where('revoked.jti', '=', jti)
    .where('revoked.ends_at', '>', now);
}
