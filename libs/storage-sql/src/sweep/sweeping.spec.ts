import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seconds, StoreUnavailableError } from '@keybound/core';
import { SettableClock, testPostgres } from '@keybound/testing';
import type { SqlStorage } from '../sql-storage.js';
import { everyCall } from '../test-support/every-call.js';
import { accessToken, at, family, newName, refreshToken, T0 } from '../test-support/family.js';
import {
  client,
  interaction,
  pushedRequest,
  rotation,
  session,
  spend,
} from '../test-support/other-records.js';
import {
  postgresDatabase,
  sqliteDatabase,
  type TestDatabase,
} from '../test-support/test-database.js';
import { endingTables } from './sweep-batch.js';

const postgres = await testPostgres();
const nothing = { refreshToken: undefined, accessToken: undefined };

describe('sweeping SQLite', () => {
  sweeping(sqliteDatabase);
});

postgres.describe('sweeping PostgreSQL', () => {
  sweeping(() => postgresDatabase(postgres.url));

  it('THR-73 waits for nobody, and leaves what somebody holds for the next time', async () => {
    const database = await postgresDatabase(postgres.url);
    const clock = new SettableClock(T0);
    const storage = await database.open(clock);
    await storage.replay.claim([await spend(), await spend()], T0);
    clock.set(at(3_600));
    await database.query('begin');
    await database.query('select 1 from keybound_spend limit 1 for update');
    expect(await storage.sweep()).toBe(1);
    await database.query('rollback');
    expect(await storage.sweep()).toBe(1);
    await database.remove();
  });
});

function sweeping(make: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let clock: SettableClock;
  let storage: SqlStorage;

  beforeEach(async () => {
    clock = new SettableClock(T0);
    database = await make();
    storage = await database.open(clock);
  });
  afterEach(() => database.remove());

  /** As if the clock showed that moment all the while. */
  const sweepAt = async (offset: number): Promise<number> => {
    const before = clock.now();
    clock.set(at(offset));
    let dropped = 0;
    for (let batch = await storage.sweep(); batch > 0; batch = await storage.sweep()) {
      dropped += batch;
    }
    clock.set(before);
    return dropped;
  };

  const rowsIn = async (table: string): Promise<number> => {
    const [row] = await database.query(`select count(*) as count from ${table}`);
    return Number(row?.['count']);
  };

  it('THR-65 THR-73 drops what ended ten minutes ago, and nothing before', async () => {
    const { grants } = storage.stores;
    const [old, young] = [accessToken(undefined), accessToken(undefined, { expiresAt: at(301) })];
    await grants.saveAccessToken(old);
    await grants.saveAccessToken(young);
    expect(await sweepAt(899)).toBe(0);
    expect(await sweepAt(900)).toBe(1);
    expect(await grants.findAccessToken(old.hash, T0)).toBeUndefined();
    expect(await grants.findAccessToken(young.hash, T0)).toBeDefined();
  });

  it('THR-73 drops in batches', async () => {
    const things = await Promise.all(Array.from({ length: 501 }, () => spend()));
    await storage.replay.claim(things, T0);
    clock.set(at(3_600));
    expect(await storage.sweep()).toBe(500);
    expect(await storage.sweep()).toBe(1);
    expect(await storage.sweep()).toBe(0);
  });

  it('THR-73 leaves nothing of what ends, and all that stays', async () => {
    const { grants, clients, sessions, counters } = storage.stores;
    const { grant, code, ...issued } = family();
    await everyCall(storage);
    await grants.savePushedRequest(pushedRequest());
    await grants.saveInteraction(interaction());
    await grants.saveGrantWithCode(grant, code);
    await grants.redeemCode(code.hash, issued, T0);
    await grants.revokeAccessToken(newName(), at(60), T0);
    const [used, unused] = [client(), client({ unusedExpiresAt: at(60) })];
    for (const each of [used, unused]) await clients.add(each);
    await sessions.start(session(), undefined);
    await counters.count([{ key: newName(), limit: 1, windowSeconds: 60 }], T0);
    await storage.keys.replace({ name: 'ring', version: 1, sealed: 'sealed' });
    for (const [table] of endingTables) {
      expect({ table, isThere: (await rowsIn(table)) > 0 }).toEqual({ table, isThere: true });
    }
    await sweepAt(1_000_000);
    for (const [table] of endingTables) {
      const left = table === 'keybound_client' ? 1 : 0;
      expect({ table, rows: await rowsIn(table) }).toEqual({ table, rows: left });
    }
    expect(await clients.find(used.id, T0)).toBeDefined();
    expect(await storage.keys.find('ring')).toBeDefined();
  });

  it('THR-28 THR-65 never frees a thing that was used, where the clock was wrong', async () => {
    const [used, alsoUsed, other] = [await spend(), await spend(), await spend()];
    await storage.replay.claim([used], T0);
    await storage.replay.claim([alsoUsed], T0);
    await sweepAt(3_600);
    expect(await rowsIn('keybound_spend')).toBe(0);
    for (const things of [[used], [other, alsoUsed], [other]]) {
      await expect(storage.replay.claim(things, T0)).rejects.toThrow(StoreUnavailableError);
    }
    // What nobody can have used by then.
    const since = at(3_000);
    expect(await storage.replay.claim([await spend(since)], since)).toEqual({ claimed: true });
  });

  it('THR-65 notes nothing where there was nothing to forget', async () => {
    await sweepAt(1_000_000_000);
    expect(await storage.replay.claim([await spend()], T0)).toEqual({ claimed: true });
  });

  it('AS-272 knows what another instance forgot', async () => {
    const used = await spend();
    const other = await database.open(clock);
    await other.replay.claim([used], T0);
    await sweepAt(3_600);
    await expect(other.replay.claim([used], T0)).rejects.toThrow(StoreUnavailableError);
  });

  it('THR-49 knows a redeemed code for as long as it must', async () => {
    const { grant, code } = family({ expiresAt: at(30) });
    const { grants } = storage.stores;
    await grants.saveGrantWithCode(grant, code);
    await grants.redeemCode(code.hash, nothing, T0);
    // Its grant is gone by then.
    await sweepAt(1_259);
    expect(await rowsIn('keybound_grant')).toBe(0);
    expect(await grants.redeemCode(code.hash, nothing, at(659))).toBe('reused');
    await sweepAt(1_260);
    expect(await grants.redeemCode(code.hash, nothing, at(659))).toBe('gone');
  });

  it('AS-17 drops a grant whose code nobody redeemed, and nothing comes of it', async () => {
    const { grant, code, ...issued } = family();
    const { grants } = storage.stores;
    await grants.saveGrantWithCode(grant, code);
    await sweepAt(660);
    expect(await rowsIn('keybound_grant')).toBe(0);
    expect(await grants.redeemCode(code.hash, issued, T0)).toBe('gone');
    expect(await grants.findRefreshToken(issued.refreshToken.hash, T0)).toBeUndefined();
    expect(await grants.isAccessTokenActive(issued.accessToken, T0)).toBe(false);
  });

  it('THR-50 refuses what must be refused after the token that they replaced was dropped', async () => {
    const { grant, code } = family();
    const { grants } = storage.stores;
    const parent = refreshToken(grant, { idleExpiresAt: at(100) });
    await grants.saveGrantWithCode(grant, code);
    await grants.redeemCode(code.hash, { ...nothing, refreshToken: parent }, T0);
    const [one, other] = [rotation(parent), rotation(parent)];
    for (const use of [one, other]) expect(await grants.useRefreshToken(use)).toBe('refreshed');
    expect(await sweepAt(700)).toBe(1);
    expect(await grants.useRefreshToken(rotation(parent))).toBe('gone');
    expect(await grants.useRefreshToken(rotation(one.successor))).toBe('refreshed');
    expect(await grants.useRefreshToken(rotation(other.successor))).toBe('reused');
    expect(await grants.findGrant(grant.id, T0)).toBeUndefined();
  });

  it('THR-93 THR-73 is done by several instances at once, each row once', async () => {
    const others = [storage, await database.open(clock), await database.open(clock)];
    const things = await Promise.all(Array.from({ length: 1_200 }, () => spend()));
    await storage.replay.claim(things, T0);
    clock.set(at(3_600));
    const dropped = await Promise.all(others.map((each) => each.sweep()));
    let sum = dropped.reduce((one, other) => one + other);
    sum += await sweepAt(3_600);
    expect(sum).toBe(1_200);
  });

  it('AS-216 keeps a client that is used in the meantime', async () => {
    const { clients } = storage.stores;
    const records = Array.from({ length: 20 }, () => client({ unusedExpiresAt: at(60) }));
    for (const record of records) await clients.add(record);
    clock.set(at(660));
    await Promise.all([...records.map(({ id }) => clients.markUsed(id)), storage.sweep()]);
    const found = await Promise.all(
      records.map(({ id }) => clients.find(id, seconds(2_000_000_000))),
    );
    const left = await rowsIn('keybound_client');
    expect(found.filter((record) => record !== undefined)).toHaveLength(left);
  });
}
