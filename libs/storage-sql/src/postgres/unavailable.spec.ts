import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { testPostgres } from '@keybound/testing';
import { connect } from 'node:net';
import type { PostgresOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';
import { at, family, T0, type Family } from '../test-support/family.js';
import { rotation, spend } from '../test-support/other-records.js';
import { ownSchema, type OwnSchema } from '../test-support/own-schema.js';
import { proxyTo, type Proxy } from '../test-support/proxy.js';
import { openPostgres } from './open-postgres.js';

const postgres = await testPostgres();

postgres.describe('PostgreSQL in trouble', () => {
  let own: OwnSchema;
  let proxy: Proxy;
  let storage: SqlStorage;
  const opened: SqlStorage[] = [];

  const open = async (options: Partial<PostgresOptions> = {}): Promise<SqlStorage> => {
    const { schema } = own;
    const clock = { now: () => T0 };
    const given = { url: proxy.url, schema, sweepSeconds: 'off', clock, ...options } as const;
    const another = await openPostgres(given);
    opened.push(another);
    return another;
  };

  beforeEach(async () => {
    own = await ownSchema(postgres.url);
    proxy = await proxyTo(postgres.url, connect);
    // A machine that is busy with something else does not void a case.
    storage = await open({ timeoutMs: 10_000 });
  });
  afterEach(async () => {
    await own.client.query('rollback');
    for (const each of opened.splice(0)) await each.close();
    await proxy.close();
    await own.remove();
  });

  /** Somebody else holds a row, until `rollback`. */
  const hold = async (table: string, key: string, name: string): Promise<void> => {
    await own.client.query('begin');
    await own.client.query(`select 1 from ${table} where ${key} = $1 for update`, [name]);
  };

  /** Ends the sessions that wait for what is held, once they do. */
  const endWaiting = async (): Promise<void> => {
    const ended = await own.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pg_backend_pid() = any(pg_blocking_pids(pid))`,
    );
    if (ended.rowCount === 0) await endWaiting();
  };

  const saved = async (): Promise<Family> => {
    const made = family();
    await storage.stores.grants.saveGrantWithCode(made.grant, made.code);
    return made;
  };

  const redeemed = async (): Promise<Family> => {
    const made = await saved();
    await storage.stores.grants.redeemCode(made.code.hash, made, T0);
    return made;
  };

  it('THR-66 says so when somebody holds what it needs, and changes nothing', async () => {
    const { grant, refreshToken } = await redeemed();
    const { grants } = (await open({ timeoutMs: 100 })).stores;
    const use = rotation(refreshToken);
    await hold('keybound_grant', 'id', grant.id);
    await expect(grants.useRefreshToken(use)).rejects.toThrow(StoreUnavailableError);
    await expect(grants.revokeGrant(grant.id, T0)).rejects.toThrow(StoreUnavailableError);
    await own.client.query('rollback');
    expect(await storage.stores.grants.findRefreshToken(use.successor.hash, T0)).toBeUndefined();
    expect(await storage.stores.grants.useRefreshToken(use)).toBe('refreshed');
  });

  it('THR-66 THR-92 leaves nothing by halves where its session is ended in the middle', async () => {
    const { grant, code, ...issued } = await saved();
    const { grants } = storage.stores;
    // By then the grant is noted as used.
    await hold('keybound_code', 'hash', code.hash);
    const redeeming = grants.redeemCode(code.hash, issued, at(1));
    const [redemption] = await Promise.all([Promise.allSettled([redeeming]), endWaiting()]);
    expect(redemption).toMatchObject([{ reason: expect.any(StoreUnavailableError) as unknown }]);
    await own.client.query('rollback');
    expect(await grants.findCode(code.hash, T0)).toMatchObject({ redeemedAt: undefined });
    expect(await grants.findRefreshToken(issued.refreshToken.hash, T0)).toBeUndefined();
    expect(await grants.listGrants(grant.localSubject, T0)).toMatchObject([{ lastUsedAt: T0 }]);
    expect(await grants.redeemCode(code.hash, issued, T0)).toBe('redeemed');
  });

  it('THR-66 goes on after its idle connections were cut', async () => {
    await Promise.all(Array.from({ length: 5 }, () => storage.check()));
    proxy.cut();
    await onceAvailable(() => storage.check());
    await expect(redeemed()).resolves.toBeDefined();
  });

  it('THR-66 says so when all connections are taken, and recovers', async () => {
    const { grant, refreshToken } = await redeemed();
    const few = await open({ maxConnections: 2, timeoutMs: 200 });
    await hold('keybound_grant', 'id', grant.id);
    const outcomes = await Promise.allSettled([
      few.stores.grants.useRefreshToken(rotation(refreshToken)),
      few.stores.grants.revokeGrant(grant.id, T0),
      few.stores.grants.revokeGrant(grant.id, T0),
      few.stores.grants.revokeGrant(grant.id, T0),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailableError) as unknown });
    }
    await own.client.query('rollback');
    await onceAvailable(() => few.check());
    const use = rotation(refreshToken);
    expect(await onceAvailable(() => few.stores.grants.useRefreshToken(use))).toBe('refreshed');
  });

  it('THR-66 gives many statements no more time than one', async () => {
    const { code, ...issued } = await saved();
    const impatient = await open({ timeoutMs: 300 });
    await onceAvailable(() => impatient.check());
    proxy.delayMs = 200;
    await expect(impatient.stores.grants.redeemCode(code.hash, issued, T0)).rejects.toThrow(
      StoreUnavailableError,
    );
    proxy.delayMs = 0;
    const { grants } = storage.stores;
    await onceAvailable(() => grants.findCode(code.hash, T0));
    expect(await grants.findRefreshToken(issued.refreshToken.hash, T0)).toBeUndefined();
  });

  it('THR-66 gives up a connection of which the other end is gone without a word', async () => {
    const asked = await open({ timeoutMs: 100 });
    const { grant, code, ...issued } = await saved();
    const thing = await spend();
    proxy.fallSilent();
    const { grants } = asked.stores;
    for (const ask of [
      () => grants.findGrant(grant.id, T0),
      () => asked.replay.claim([thing], T0),
      () => grants.redeemCode(code.hash, issued, T0),
    ]) {
      const outcome = await ask().catch((error: unknown) => error);
      // A new connection is none of those that fell silent.
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StoreUnavailableError);
    }
    expect(await onceAvailable(() => grants.findGrant(grant.id, T0))).toBeDefined();
    proxy.cut();
  });

  it('THR-71 closes also where the server takes no leave', async () => {
    const closed = await open({ timeoutMs: 100 });
    proxy.fallSilent();
    await expect(closed.close()).resolves.toBeUndefined();
    proxy.cut();
  });

  it('THR-66 does not take a mistake of ours for an outage', async () => {
    const { grant, code } = await saved();
    const again = storage.stores.grants.saveGrantWithCode(grant, code);
    await expect(again).rejects.toThrow('duplicate key');
    await expect(again).rejects.not.toThrow(StoreUnavailableError);
    await own.client.query(`alter table ${own.schema}.keybound_grant rename to other`);
    const find = storage.stores.grants.findGrant(grant.id, T0);
    await expect(find).rejects.toThrow('does not exist');
    await expect(find).rejects.not.toThrow(StoreUnavailableError);
  });

  it('THR-66 takes rights that were taken away for an outage', async () => {
    const { grant } = await saved();
    const account = `${own.schema}_account`;
    await own.client.query(`create role ${account} login`);
    try {
      await own.client.query(`grant usage on schema ${own.schema} to ${account}`);
      await own.client.query(`grant all on all tables in schema ${own.schema} to ${account}`);
      const url = new URL(proxy.url);
      url.username = account;
      const { grants } = (await open({ url: url.href, timeoutMs: 10_000 })).stores;
      expect(await grants.findGrant(grant.id, T0)).toBeDefined();
      await own.client.query(`revoke all on all tables in schema ${own.schema} from ${account}`);
      await expect(grants.findGrant(grant.id, T0)).rejects.toThrow(StoreUnavailableError);
    } finally {
      await own.client.query(`drop owned by ${account}`);
      await own.client.query(`drop role ${account}`);
    }
  });
});

/** Asks until there is an answer. */
async function onceAvailable<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}
