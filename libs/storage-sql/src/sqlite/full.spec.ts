import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seconds, StoreUnavailableError } from '@keybound/core';
import Libsql from 'libsql';
import { join } from 'node:path';
import type { SqlStorage } from '../sql-storage.js';
import { at, family, newName, T0 } from '../test-support/family.js';
import { pushedRequest, rotation, spend } from '../test-support/other-records.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

/** What an empty database takes, and not much more. */
const maxBytes = 250_000;

describe('SQLite that is full', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: string;
  let storage: SqlStorage;
  let now = T0;

  const open = (options: { maxBytes?: number } = {}) =>
    openSqlite({ file, sweepSeconds: 'off', clock: { now: () => now }, ...options });

  beforeEach(async () => {
    now = T0;
    folder = await ownFolder();
    file = join(folder.path, 'full.sqlite');
    storage = await open({ maxBytes });
  });
  afterEach(async () => {
    await storage.close();
    await folder.remove();
  });

  /** Until nothing fits any more. @returns How many did. */
  async function fill(): Promise<number> {
    for (let saved = 0; saved < 1_000; saved++) {
      try {
        await storage.stores.grants.savePushedRequest(pushedRequest());
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailableError);
        expect((error as Error).cause).toMatchObject({ code: 'SQLITE_FULL' });
        return saved;
      }
    }
    throw new Error('It did not fill up.');
  }

  function rowsIn(table: string): number {
    const beside = new Libsql(file);
    const row = beside.prepare(`select count(*) as count from ${table}`).get() as { count: number };
    beside.close();
    return row.count;
  }

  it('THR-66 THR-92 writes nothing by halves, and goes on when there is room', async () => {
    const { grants } = storage.stores;
    const { grant, code, ...issued } = family({ slots: { long: 'x'.repeat(5_000) } });
    await grants.saveGrantWithCode(grant, code);
    expect(await fill()).toBeGreaterThan(0);
    const large = { ...issued.accessToken, claims: { long: 'x'.repeat(50_000) } };
    const redeeming = grants.redeemCode(code.hash, { ...issued, accessToken: large }, T0);
    await expect(redeeming).rejects.toThrow(StoreUnavailableError);
    expect(await grants.findCode(code.hash, T0)).toMatchObject({ redeemedAt: undefined });
    expect(await grants.findRefreshToken(issued.refreshToken.hash, T0)).toBeUndefined();
    expect(rowsIn('keybound_refresh_token')).toBe(0);
    expect(rowsIn('keybound_access_token')).toBe(0);
    await storage.close();
    storage = await open();
    const again = storage.stores.grants;
    expect(await again.redeemCode(code.hash, { ...issued, accessToken: large }, T0)).toBe(
      'redeemed',
    );
    const use = rotation(issued.refreshToken);
    expect(await again.useRefreshToken(use)).toBe('refreshed');
  });

  it.each([1, 4_095])('THR-66 is so from the start where it may take %i octets', async (least) => {
    const other = join(folder.path, 'none.sqlite');
    const opening = openSqlite({ file: other, maxBytes: least, sweepSeconds: 'off' });
    await expect(opening).rejects.toMatchObject({ cause: { code: 'SQLITE_FULL' } });
  });

  it('THR-66 still answers what it knows', async () => {
    const { grants } = storage.stores;
    const { grant, code } = family();
    await grants.saveGrantWithCode(grant, code);
    await fill();
    expect(await grants.findGrant(grant.id, T0)).toMatchObject({ id: grant.id });
    await expect(storage.check()).resolves.toBeUndefined();
  });

  it('THR-66 OPS-08 claims nothing that it cannot remember', async () => {
    const things = await Promise.all(Array.from({ length: 3_000 }, () => spend()));
    const outcomes = await Promise.all(
      things.map((thing) =>
        storage.replay.claim([thing], T0).then(
          ({ claimed }) => claimed,
          (error: unknown) => error,
        ),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome !== true);
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toBeInstanceOf(StoreUnavailableError);
    await storage.close();
    storage = await open();
    for (const [index, thing] of things.entries()) {
      const { claimed } = await storage.replay.claim([thing], T0);
      expect(claimed).toBe(outcomes[index] !== true);
    }
  });

  it('THR-66 has room again once what ended is dropped', async () => {
    await fill();
    now = at(3_600);
    while ((await storage.sweep()) > 0);
    const record = { ...pushedRequest(), hash: newName(), expiresAt: seconds(now + 60) };
    await expect(storage.stores.grants.savePushedRequest(record)).resolves.toBeUndefined();
  });
});
