import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { SettableClock, testPostgres } from '@keybound/testing';
import { join } from 'node:path';
import { openPostgres } from '../postgres/open-postgres.js';
import { openSqlite } from '../sqlite/open-sqlite.js';
import { everyCall } from '../test-support/every-call.js';
import { family, T0 } from '../test-support/family.js';
import { ownFolder } from '../test-support/own-folder.js';
import { ownSchema } from '../test-support/own-schema.js';
import {
  postgresDatabase,
  sqliteDatabase,
  type TestDatabase,
} from '../test-support/test-database.js';

const postgres = await testPostgres();

describe('the schema of SQLite', () => {
  migrating(sqliteDatabase);

  it('THR-92 is made whole, or not at all', async () => {
    const folder = await ownFolder();
    const file = join(folder.path, 'small.sqlite');
    const opening = openSqlite({ file, sweepSeconds: 'off', maxBytes: 40_000 });
    await expect(opening).rejects.toThrow(StoreUnavailableError);
    const storage = await openSqlite({ file, sweepSeconds: 'off', clock: { now: () => T0 } });
    expect(failuresOf(await everyCall(storage))).toEqual([]);
    await storage.close();
    await folder.remove();
  });
});

postgres.describe('the schema of PostgreSQL', () => {
  migrating(() => postgresDatabase(postgres.url));

  it('AS-270 is no other one of the same database', async () => {
    const [one, other] = [
      await postgresDatabase(postgres.url),
      await postgresDatabase(postgres.url),
    ];
    const clock = new SettableClock();
    const [first, second] = [await one.open(clock), await other.open(clock)];
    const { grant, code } = family();
    await first.stores.grants.saveGrantWithCode(grant, code);
    expect(await first.stores.grants.findGrant(grant.id, T0)).toBeDefined();
    expect(await second.stores.grants.findGrant(grant.id, T0)).toBeUndefined();
    for (const each of [one, other]) await each.remove();
  });

  it('INV-9 needs somebody who may make it, and says so; then nobody', async () => {
    const { schema, client, remove } = await ownSchema(postgres.url);
    const account = `${schema}_account`;
    await client.query(`create role ${account} login`);
    const url = new URL(postgres.url);
    url.username = account;
    const open = (as: string) =>
      openPostgres({ url: as, schema, sweepSeconds: 'off', clock: { now: () => T0 } });
    try {
      await expect(open(url.href)).rejects.toThrow(ConfigurationError);
      await (await open(postgres.url)).close();
      await client.query(`grant usage on schema ${schema} to ${account}`);
      await client.query(
        `grant select, insert, update, delete on all tables in schema ${schema} to ${account}`,
      );
      const storage = await open(url.href);
      expect(failuresOf(await everyCall(storage))).toEqual([]);
      await storage.close();
    } finally {
      await client.query(`drop owned by ${account}`);
      await client.query(`drop role ${account}`);
      await remove();
    }
  });
});

function migrating(make: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  const clock = new SettableClock();

  beforeEach(async () => {
    database = await make();
  });
  afterEach(() => database.remove());

  const done = () => database.query('select name from keybound_migration order by name');

  it('THR-70 AS-272 is made once where several instances begin at once', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => database.open(clock)));
    for (const storage of opened) expect(failuresOf(await everyCall(storage))).toEqual([]);
    expect(await done()).toEqual([{ name: '0001-first-schema' }]);
  });

  it('THR-70 is left as it is where it is up to date', async () => {
    const { grant, code } = family();
    await (await database.open(clock)).stores.grants.saveGrantWithCode(grant, code);
    const again = await database.open(clock);
    expect(await again.stores.grants.findGrant(grant.id, T0)).toBeDefined();
    expect(await done()).toHaveLength(1);
  });

  it('THR-70 may have been added to by a newer version', async () => {
    const older = await database.open(clock);
    expect(failuresOf(await everyCall(older))).toEqual([]);
    for (const table of ['grant', 'code', 'refresh_token', 'session', 'spend', 'client']) {
      await database.query(`alter table keybound_${table} add column tenant text`);
    }
    await database.query('create table keybound_tenant (name text)');
    await database.query("insert into keybound_migration values ('0002-tenants')");
    // As it is, and begun anew.
    for (const storage of [older, await database.open(clock)]) {
      expect(failuresOf(await everyCall(storage))).toEqual([]);
    }
    expect(await done()).toEqual([{ name: '0001-first-schema' }, { name: '0002-tenants' }]);
  });
}

function failuresOf(outcomes: Readonly<Record<string, unknown>>) {
  return Object.entries(outcomes).filter(([, outcome]) => outcome !== 'answered');
}
