import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ConfigurationError, encodeBase64url, StoreUnavailableError } from '@keybound/core';
import { testPostgres } from '@keybound/testing';
import type { SqlStorage } from '../sql-storage.js';
import { family, T0 } from '../test-support/family.js';
import { spend } from '../test-support/other-records.js';
import { ownSchema, type OwnSchema } from '../test-support/own-schema.js';
import { openPostgres } from './open-postgres.js';

const postgres = await testPostgres();

postgres.describe('PostgreSQL of an account with settings of its own', () => {
  let own: OwnSchema;
  let account: string;
  let url: URL;
  const opened: SqlStorage[] = [];

  const open = async (): Promise<SqlStorage> => {
    const { schema } = own;
    const given = url.searchParams.has('options') ? { url: url.href } : { url: url.href, schema };
    const clock = { now: () => T0 };
    const storage = await openPostgres({
      ...given,
      clock,
      sweepSeconds: 'off',
      timeoutMs: 10_000,
    });
    opened.push(storage);
    return storage;
  };

  beforeEach(async () => {
    own = await ownSchema(postgres.url);
    account = `${own.schema}_account`;
    await own.client.query(`create role ${account} login`);
    await own.client.query(`create schema ${own.schema} authorization ${account}`);
    url = new URL(postgres.url);
    url.username = account;
  });
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    await own.client.query(`drop owned by ${account}`);
    await own.client.query(`drop role ${account}`);
    await own.remove();
  });

  /** Somebody else changes something, and commits once this waits for it. */
  const meanwhile = async <Outcome>(
    change: string,
    act: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    await own.client.query('begin');
    await own.client.query(change);
    const acting = act();
    const waiting =
      'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))';
    while ((await own.client.query(waiting)).rowCount === 0);
    await own.client.query('commit');
    return acting;
  };

  it.each(['repeatable read', 'serializable'])(
    'THR-93 sees what others did meanwhile, where it would be %s',
    async (isolation) => {
      await own.client.query(
        `alter role ${account} set default_transaction_isolation = '${isolation}'`,
      );
      const { stores, replay } = await open();
      const thing = await spend();
      const digest = encodeBase64url(thing.digest);
      const claimed = await meanwhile(
        `insert into keybound_spend values ('${digest}', ${String(thing.until)})`,
        () => replay.claim([thing], T0),
      );
      expect(claimed).toMatchObject({ claimed: false, reason: 'used' });
      const { grant, code, ...issued } = family();
      await stores.grants.saveGrantWithCode(grant, code);
      const redeemed = await meanwhile(
        `update keybound_grant set last_used_at = last_used_at where id = '${grant.id}'`,
        () => stores.grants.redeemCode(code.hash, issued, T0),
      );
      expect(redeemed).toBe('redeemed');
    },
  );

  it('THR-66 is not ready where it may only read, and answers what it knows', async () => {
    const storage = await open();
    const { grant, code } = family();
    await storage.stores.grants.saveGrantWithCode(grant, code);
    const mayOnlyRead = async (is: boolean) => {
      await own.client.query(`alter role ${account} set default_transaction_read_only = ${is}`);
      const ended = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${account}'`;
      while ((await own.client.query(ended)).rowCount !== 0);
    };
    await storage.check();
    await mayOnlyRead(true);
    await onceFound(storage, grant.id);
    await expect(storage.check()).rejects.toThrow(StoreUnavailableError);
    await mayOnlyRead(false);
    await onceFound(storage, grant.id);
    await expect(storage.check()).resolves.toBeUndefined();
  });

  it('THR-93 cannot be opened where its own options give it another isolation', async () => {
    const options = `-c search_path=${own.schema} -c default_transaction_isolation=serializable`;
    url.searchParams.set('options', options);
    const opening = open();
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow('default_transaction_isolation is serializable');
  });
});

/** Asks until a connection that is new has answered. */
async function onceFound(storage: SqlStorage, grantId: string): Promise<void> {
  try {
    expect(await storage.stores.grants.findGrant(grantId, T0)).toBeDefined();
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    await onceFound(storage, grantId);
  }
}
