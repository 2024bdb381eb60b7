import { afterAll, beforeAll, describe } from '@jest/globals';
import * as kit from '@keybound/testing';
import { join } from 'node:path';
import type { SqlStorage } from '../sql-storage.js';
import { describeContracts } from '../test-support/describe-contracts.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

/* One database for all cases: what they name is new each time. */

describe('SQLite in memory', () => {
  let storage: SqlStorage;
  beforeAll(async () => {
    storage = await openSqlite({ file: ':memory:', sweepSeconds: 'off' });
  });
  afterAll(() => storage.close());

  describeContracts(kit, () => [storage], { rounds: 50 });
});

describe('SQLite, of two instances that share a file', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let instances: [SqlStorage, SqlStorage];
  beforeAll(async () => {
    folder = await ownFolder();
    // A machine that is busy with something else does not void a case.
    const file = join(folder.path, 'shared.sqlite');
    const options = { file, timeoutMs: 10_000, sweepSeconds: 'off' } as const;
    instances = [await openSqlite(options), await openSqlite(options)];
  });
  afterAll(async () => {
    for (const instance of instances) await instance.close();
    await folder.remove();
  });

  describeContracts(kit, () => instances, { rounds: 10 });
});
