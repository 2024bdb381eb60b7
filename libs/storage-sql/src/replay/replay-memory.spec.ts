import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { SettableClock, testPostgres } from '@keybound/testing';
import { connect } from 'node:net';
import { openPostgres } from '../postgres/open-postgres.js';
import { at, T0 } from '../test-support/family.js';
import { spend } from '../test-support/other-records.js';
import { ownSchema } from '../test-support/own-schema.js';
import { proxyTo } from '../test-support/proxy.js';
import {
  postgresDatabase,
  sqliteDatabase,
  type TestDatabase,
} from '../test-support/test-database.js';

const postgres = await testPostgres();

describe('replay memory of SQLite', () => {
  remembering(sqliteDatabase);

  let database: TestDatabase;
  beforeEach(async () => {
    database = await sqliteDatabase();
  });
  afterEach(() => database.remove());

  /** As if the machine had been started again. */
  const startAgain = () =>
    database.query('update keybound_replay_memory set life = life - 10 where life is not null');

  it('THR-68 has lost nothing where everybody closed it before its machine ended', async () => {
    const clock = new SettableClock();
    const [one, other] = [await database.open(clock), await database.open(clock)];
    await one.close();
    await other.close();
    await startAgain();
    const after = await database.open(clock);
    expect(await after.replay.claim([await spend(at(-60))], T0)).toEqual({ claimed: true });
  });

  it('THR-68 may have lost something where somebody had not', async () => {
    const clock = new SettableClock();
    const [one] = [await database.open(clock), await database.open(clock)];
    await one.close();
    await startAgain();
    const after = await database.open(clock);
    const refused = { claimed: false, reason: 'forgotten' };
    expect(await after.replay.claim([await spend()], T0)).toMatchObject(refused);
    await after.close();
    await startAgain();
    // As it was, and no worse: in its second life it was closed by all who opened it.
    clock.advance(60);
    const again = await database.open(clock);
    expect(await again.replay.claim([await spend()], at(60))).toMatchObject(refused);
    expect(await again.replay.claim([await spend(at(1))], at(60))).toEqual({ claimed: true });
  });
});

postgres.describe('replay memory of PostgreSQL', () => {
  remembering(() => postgresDatabase(postgres.url));

  it('THR-68 THR-69 may have been lost when another server took over', async () => {
    const { schema, client, remove } = await ownSchema(postgres.url);
    await client.query(`create schema ${schema}`);
    // What stands before the server's own function is asked in its place.
    const takeOver = (timeline: number) =>
      client.query(`create or replace function pg_walfile_name(pg_lsn) returns text
        return '0000000${String(timeline)}000000AB00000001'`);
    await takeOver(1);
    const proxy = await proxyTo(postgres.url, connect);
    const url = new URL(proxy.url);
    url.searchParams.set('options', `-c search_path=${schema},pg_catalog`);
    const clock = new SettableClock();
    const storage = await openPostgres({ url: url.href, clock, sweepSeconds: 'off' });
    const [used, unused, fresh] = [await spend(), await spend(), await spend(at(2))];
    await storage.replay.claim([used], T0);
    await takeOver(2);
    proxy.cut();
    for (;;) {
      const isThere = await storage.check().then(
        () => true,
        (error: unknown) => !(error instanceof StoreUnavailableError),
      );
      if (isThere) break;
    }
    expect(await storage.replay.claim([used], T0)).toMatchObject({ reason: 'used' });
    expect(await storage.replay.claim([unused], T0)).toMatchObject({ reason: 'forgotten' });
    expect(await storage.replay.claim([fresh, unused], T0)).toMatchObject({ spent: unused });
    expect(await storage.replay.claim([fresh], T0)).toEqual({ claimed: true });
    await storage.close();
    await proxy.close();
    await remove();
  });
});

function remembering(make: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let clock: SettableClock;

  beforeEach(async () => {
    database = await make();
    clock = new SettableClock();
  });
  afterEach(() => database.remove());

  it('THR-68 has lost nothing where it is new, or only its process began anew', async () => {
    const [first, second] = [await spend(at(-60)), await spend(at(-60))];
    const storage = await database.open(clock);
    expect(await storage.replay.claim([first], T0)).toEqual({ claimed: true });
    clock.advance(60);
    const again = await database.open(clock);
    expect(await again.replay.claim([first], T0)).toMatchObject({ reason: 'used' });
    expect(await again.replay.claim([second], T0)).toEqual({ claimed: true });
  });

  it('THR-68 claims nothing that may have been used before it could lose something', async () => {
    const before = await database.open(clock);
    await database.query('update keybound_replay_memory set life = life - 10');
    clock.set(at(100));
    const after = await database.open(clock);
    for (const { replay } of [before, after]) {
      const old = await spend(at(99));
      const fresh = await spend(at(102));
      const outcome = await replay.claim([fresh, old], at(102));
      expect(outcome).toMatchObject({ claimed: false, spent: old, reason: 'forgotten' });
      expect(await replay.claim([fresh], at(102))).toEqual({ claimed: true });
    }
  });

  it('THR-68 claims nothing where it is not known since when it remembers', async () => {
    const storage = await database.open(clock);
    await database.query('delete from keybound_replay_memory');
    const thing = await spend();
    await expect(storage.replay.claim([thing], T0)).rejects.toThrow(StoreUnavailableError);
  });
}
