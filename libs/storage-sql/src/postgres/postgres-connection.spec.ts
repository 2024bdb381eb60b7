import { afterEach, expect, it, jest } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { testPostgres } from '@keybound/testing';
import { sql } from 'kysely';
import { postgresOptions } from '../options.schema.js';
import { connectPostgres } from './connect-postgres.js';
import { inspectServer } from './inspect-server.js';

const postgres = await testPostgres();

postgres.describe('a connection', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('THR-68 THR-69 gives way to one that is inspected after a minute, however busy it is', async () => {
    const { url } = postgres;
    const configuration = postgresOptions.parse({ url, timeoutMs: 600_000, maxConnections: 1 });
    const inspect = jest.fn(inspectServer);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { database, close } = connectPostgres(configuration, inspect);
    const inspections: number[] = [];
    for (let half = 0; half < 5; half++) {
      await database.hasTable('any');
      inspections.push(inspect.mock.calls.length);
      // An idle one would be closed as well, but only half a minute after it was used.
      for (let second = 0; second < 30; second += 15) {
        jest.advanceTimersByTime(15_000);
        await database.hasTable('any');
      }
    }
    expect(inspections).toEqual([1, 1, 2, 2, 3]);
    await close();
  });
});

postgres.describe('a transaction', () => {
  it('THR-92 is not taken for done where the server undid it', async () => {
    const configuration = postgresOptions.parse({ url: postgres.url, timeoutMs: 10_000 });
    const { database, close } = connectPostgres(configuration, inspectServer);
    const doing = database.transaction(async (db) => {
      await sql`select 1 / 0`.execute(db).catch(() => undefined);
      return 'done';
    });
    await expect(doing).rejects.toThrow(StoreUnavailableError);
    await expect(database.transaction(() => Promise.resolve('done'))).resolves.toBe('done');
    await close();
  });

  it('THR-66 ends before its connection is handed on, whatever was thrown', async () => {
    const configuration = postgresOptions.parse({
      url: postgres.url,
      timeoutMs: 10_000,
      maxConnections: 1,
    });
    const { database, close } = connectPostgres(configuration, inspectServer);
    const doing = database.transaction(async (db) => {
      await sql`create temporary table undone (name text)`.execute(db);
      throw new TypeError('of ours');
    });
    await expect(doing).rejects.toThrow('of ours');
    expect(await database.hasTable('undone')).toBe(false);
    await close();
  });
});
