import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SettableClock, testPostgres } from '@keybound/testing';
import type { SqlStorage } from '../sql-storage.js';
import { family, T0, type Family } from '../test-support/family.js';
import {
  postgresDatabase,
  sqliteDatabase,
  type TestDatabase,
} from '../test-support/test-database.js';

const postgres = await testPostgres();
/** More than are revoked in one step. */
const many = 10_001;

describe('many grants in SQLite', () => {
  withMany(sqliteDatabase);
});

postgres.describe('many grants in PostgreSQL', () => {
  withMany(() => postgresDatabase(postgres.url));
});

function withMany(make: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let storage: SqlStorage;
  let one: Family;
  let bystander: Family;

  beforeEach(async () => {
    database = await make();
    storage = await database.open(new SettableClock());
    [one, bystander] = [family(), family()];
    for (const { grant, code } of [one, bystander]) {
      await storage.stores.grants.saveGrantWithCode(grant, code);
    }
    // Of the same client and user; every other one is offline, in no order of their names.
    await database.query(
      `with recursive copies(number) as (
         select 1 union all select number + 1 from copies where number < ${String(many)})
       insert into keybound_grant
       select (number * 7919 % 100000) || ' of ' || number, client_id, local_subject, number % 2,
         body, created_at, last_used_at, expires_at, ends_at, revoked
       from keybound_grant, copies where id = '${one.grant.id}'`,
    );
  });
  afterEach(() => database.remove());

  const alive = async (): Promise<number> => {
    const { localSubject } = one.grant;
    return (await storage.stores.grants.listGrants(localSubject, T0)).length;
  };

  it('OIDC-27 are all revoked with their client, and no others', async () => {
    expect(await alive()).toBe(many + 1);
    await storage.stores.grants.revokeGrantsOfClient(one.grant.clientId, T0);
    expect(await alive()).toBe(0);
    expect(await storage.stores.grants.findGrant(bystander.grant.id, T0)).toBeDefined();
  });

  it('AS-73 AS-276 are all revoked with what a user has online, and no others', async () => {
    const { grants } = storage.stores;
    await grants.revokeGrantsOfSubject(one.grant.localSubject, 'online', T0);
    // The first is offline too.
    expect(await alive()).toBe((many + 1) / 2 + 1);
    await grants.revokeGrantsOfSubject(one.grant.localSubject, 'all', T0);
    expect(await alive()).toBe(0);
    expect(await grants.findGrant(bystander.grant.id, T0)).toBeDefined();
  });
}
