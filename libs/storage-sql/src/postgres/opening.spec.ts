import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import { testPostgres } from '@keybound/testing';
import pg from 'pg';
import type { PostgresOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';
import { everyCall } from '../test-support/every-call.js';
import { family, T0 } from '../test-support/family.js';
import { ownSchema, type OwnSchema } from '../test-support/own-schema.js';
import { openPostgres } from './open-postgres.js';

const postgres = await testPostgres();

it.each([
  ['url', 'of another kind', { url: 'mysql://localhost' }],
  ['url', 'that is none', { url: 'postgres://user:se cret@:x/' }],
  ['schema', 'that is no plain name', { schema: 'a"; drop schema public --' }],
  ['schema', 'beside options', { url: 'postgres://localhost?options=-c%20a=b', schema: 'own' }],
  ['maxConnections', 'of nothing', { maxConnections: 0 }],
  ['timeoutMs', 'of nothing', { timeoutMs: 0 }],
  ['timeoutMs', 'of more than ten minutes', { timeoutMs: 600_001 }],
  ['sweepSeconds', 'of nothing', { sweepSeconds: 0 }],
  ['sweepSeconds', 'of more than a day', { sweepSeconds: 86_401 }],
  ['audit', 'that records nothing', { audit: {} }],
  ['preparedStatements', 'that is neither', { preparedStatements: 'yes' }],
  ['clock', 'that tells no time', { clock: { time: () => 0 } }],
  ['retries', 'that is no option', { retries: 3 }],
])('INV-9 PostgreSQL cannot be opened with a %s %s', async (name, _what, options) => {
  const given = { url: 'postgres://localhost', ...options } as unknown as PostgresOptions;
  const opening = openPostgres(given);
  await expect(opening).rejects.toThrow(ConfigurationError);
  await expect(opening).rejects.toThrow(name);
  await expect(opening).rejects.not.toThrow('se cret');
});

it('THR-66 PostgreSQL cannot be opened where nothing listens', async () => {
  const opening = openPostgres({ url: 'postgres://postgres@127.0.0.1:1/postgres' });
  await expect(opening).rejects.toThrow(StoreUnavailableError);
});

postgres.describe('openPostgres', () => {
  let own: OwnSchema;
  const opened: SqlStorage[] = [];

  beforeEach(async () => {
    own = await ownSchema(postgres.url);
  });
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    await own.remove();
  });

  const open = async (options: Partial<PostgresOptions> = {}): Promise<SqlStorage> => {
    const { schema } = own;
    const clock = { now: () => T0 };
    const storage = await openPostgres({
      url: postgres.url,
      schema,
      sweepSeconds: 'off',
      timeoutMs: 10_000,
      clock,
      ...options,
    });
    opened.push(storage);
    return storage;
  };

  it.each([true, false])(
    'AS-270 answers everything, again and again, with prepared statements: %s',
    async (preparedStatements) => {
      const storage = await open({ preparedStatements });
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      for (const outcomes of [await everyCall(storage), await everyCall(storage)]) {
        const failed = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'answered');
        expect(failed).toEqual([]);
      }
      const asked = (spy.mock.calls as unknown as [object][]).map(([query]) => query);
      const named = asked.filter((query) => 'name' in query);
      spy.mockRestore();
      expect(named.length > 0).toBe(preparedStatements);
    },
  );

  it('AS-270 knows after a restart what it was told before', async () => {
    const { grant, code } = family();
    const first = await open();
    await first.stores.grants.saveGrantWithCode(grant, code);
    await first.close();
    const second = await open();
    expect(await second.stores.grants.findGrant(grant.id, T0)).toMatchObject({ id: grant.id });
    expect(second.stores.grants.sharing).toBe('shared');
  });

  it.each([
    ['THR-69', 'a replica', 'pg_is_in_recovery() returns boolean return true', 'replica'],
    ['INV-1', 'what keeps no UTF-8', "current_setting(text) returns text return 'LATIN1'", 'UTF8'],
  ])('%s refuses %s, and says so', async (_id, _what, answer, named) => {
    await own.client.query(`create schema ${own.schema}`);
    // What stands before the server's own function is asked in its place.
    await own.client.query(`create function ${answer}`);
    const url = new URL(postgres.url);
    url.searchParams.set('options', `-c search_path=${own.schema},pg_catalog`);
    const opening = openPostgres({ url: url.href, sweepSeconds: 'off' });
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(named);
  });

  it('THR-71 answers what is under way, and nothing any more once it is closed', async () => {
    const storage = await open({ maxConnections: 1 });
    const families = Array.from({ length: 5 }, () => family());
    const saving = families.map(({ grant, code }) =>
      storage.stores.grants.saveGrantWithCode(grant, code),
    );
    const closing = storage.close();
    await expect(Promise.all(saving)).resolves.toBeDefined();
    await closing;
    await expect(storage.close()).resolves.toBeUndefined();
    for (const [name, outcome] of Object.entries(await everyCall(storage))) {
      expect([name, outcome]).toEqual([name, expect.any(StoreUnavailableError)]);
    }
    const again = await open();
    for (const { grant } of families) {
      expect(await again.stores.grants.findGrant(grant.id, T0)).toBeDefined();
    }
  });
});
