import { afterAll, beforeAll } from '@jest/globals';
import * as kit from '@keybound/testing';
import type { SqlStorage } from '../sql-storage.js';
import { describeContracts } from '../test-support/describe-contracts.js';
import { ownSchema, type OwnSchema } from '../test-support/own-schema.js';
import { openPostgres } from './open-postgres.js';

const postgres = await kit.testPostgres();

postgres.describe('PostgreSQL, of two instances', () => {
  let own: OwnSchema;
  let instances: [SqlStorage, SqlStorage];
  beforeAll(async () => {
    own = await ownSchema(postgres.url);
    const { schema } = own;
    // A machine that is busy with something else does not void a case.
    const options = {
      url: postgres.url,
      schema,
      timeoutMs: 10_000,
      sweepSeconds: 'off',
    } as const;
    instances = [await openPostgres(options), await openPostgres(options)];
  });
  afterAll(async () => {
    for (const instance of instances) await instance.close();
    await own.remove();
  });

  describeContracts(kit, () => instances, { rounds: 10 });
});
