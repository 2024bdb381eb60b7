import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { testPostgres } from '@keybound/testing';
import pg from 'pg';
import type { SqlStorage } from '../sql-storage.js';
import { endingTables } from '../sweep/sweep-batch.js';
import { everyCall } from '../test-support/every-call.js';
import { at, family, newName, T0 } from '../test-support/family.js';
import {
  client,
  interaction,
  pushedRequest,
  session,
  spend,
} from '../test-support/other-records.js';
import { ownSchema, type OwnSchema } from '../test-support/own-schema.js';
import { openPostgres } from './open-postgres.js';

const postgres = await testPostgres();

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

postgres.describe('what PostgreSQL is asked', () => {
  let own: OwnSchema;
  let storage: SqlStorage;

  beforeEach(async () => {
    own = await ownSchema(postgres.url);
    const { schema } = own;
    const clock = { now: () => T0 };
    storage = await openPostgres({ url: postgres.url, schema, sweepSeconds: 'off', clock });
  });
  afterEach(async () => {
    await storage.close();
    await own.remove();
  });

  it('AS-270 is found by index, however many records there are', async () => {
    const asked = await askedBy(() => everyCall(storage));
    expect(asked.length).toBeGreaterThan(40);
    // Few records are read faster as they stand.
    await oneOfEach(storage);
    for (const [table] of endingTables) await multiply(own.client, table);
    for (const { text, values } of asked) {
      const { rows } = await own.client.query<{ 'QUERY PLAN': readonly [{ Plan: Plan }] }>(
        `explain (format json) ${text}`,
        [...values],
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      const unaided = plan === undefined ? ['no plan'] : stepsOf(plan).filter(readsAll);
      expect({ text, unaided }).toEqual({ text, unaided: [] });
    }
  });
});

async function oneOfEach({ stores, replay }: SqlStorage): Promise<void> {
  const { grants, clients, sessions, counters } = stores;
  const { grant, code, ...issued } = family();
  await grants.savePushedRequest(pushedRequest());
  await grants.saveInteraction(interaction());
  await grants.saveGrantWithCode(grant, code);
  await grants.redeemCode(code.hash, issued, T0);
  await grants.revokeAccessToken(newName(), at(60), T0);
  await clients.add(client({ unusedExpiresAt: at(60) }));
  await sessions.start(session(), undefined);
  await counters.count([{ key: newName(), limit: 1, windowSeconds: 60 }], T0);
  await replay.claim([await spend()], T0);
}

/** What tells records apart, where a table has it. */
const names = [
  'hash',
  'id',
  'jti',
  'name',
  'digest',
  'grant_id',
  'client_id',
  'local_subject',
  'parent_hash',
];

/** Of one record, many, under other names. */
async function multiply(beside: pg.Client, table: string): Promise<void> {
  const renamed = names.map((name) => `'${name}', '${name} ' || number`).join(', ');
  const { rowCount } = await beside.query(
    `insert into ${table} select copy.* from (select * from ${table} limit 1) as original,
       generate_series(1, 5000) as number,
       jsonb_populate_record(original::${table}, jsonb_build_object(${renamed})) as copy`,
  );
  expect({ table, rowCount }).toEqual({ table, rowCount: 5_000 });
  await beside.query(`analyze ${table}`);
}

/** Each statement that goes to a server meanwhile, once. */
async function askedBy(act: () => Promise<unknown>): Promise<readonly Asked[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await act();
    const calls = spy.mock.calls as unknown as readonly (readonly [Asked])[];
    const statements = calls
      .map(([asked]) => asked)
      .filter(({ text }) => text.includes('keybound_'));
    return [...new Map(statements.map((asked) => [asked.text, asked])).values()];
  } finally {
    spy.mockRestore();
  }
}

function stepsOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];
}

/** A whole table, or a whole index. */
function readsAll(step: Plan): boolean {
  const type = step['Node Type'];
  return type === 'Seq Scan' || (type.includes('Index') && step['Index Cond'] === undefined);
}
