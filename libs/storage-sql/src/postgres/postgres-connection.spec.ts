import { expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import { testPostgres } from '@keybound/testing';
import { sql } from 'kysely';
import { postgresOptions } from '../options.schema.js';
import { connectPostgres } from './connect-postgres.js';
import { inspectServer } from './inspect-server.js';

const postgres = await testPostgres();

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
