import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import Libsql, { type Database } from 'libsql';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlStorage } from '../sql-storage.js';
import { at, family, T0 } from '../test-support/family.js';
import { rotation, spend } from '../test-support/other-records.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

describe('SQLite, beside another process', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: string;
  let storage: SqlStorage;
  /** The connection of another process. */
  let other: Database;

  const open = (path = file, timeoutMs = 100) =>
    openSqlite({ file: path, timeoutMs, sweepSeconds: 'off', clock: { now: () => T0 } });

  beforeEach(async () => {
    folder = await ownFolder();
    file = join(folder.path, 'shared.sqlite');
    storage = await open();
    other = new Libsql(file);
  });
  afterEach(async () => {
    other.close();
    await storage.close();
    await folder.remove();
  });

  it('THR-66 says so when the other one keeps on writing, and recovers', async () => {
    const { grants } = storage.stores;
    const { grant, code } = family();
    const thing = await spend();
    other.exec('begin immediate');
    for (const write of [
      () => grants.saveGrantWithCode(grant, code),
      () => grants.saveAccessToken(family().accessToken),
      () => storage.replay.claim([thing], T0),
    ]) {
      await expect(write()).rejects.toThrow(StoreUnavailableError);
    }
    expect(await grants.findGrant(grant.id, T0)).toBeUndefined();
    other.exec('rollback');
    await grants.saveGrantWithCode(grant, code);
    expect(await grants.findGrant(grant.id, T0)).toBeDefined();
    expect(await storage.replay.claim([thing], T0)).toEqual({ claimed: true });
  });

  it('THR-66 lets nobody wait for those who wait', async () => {
    const patient = await open(file, 60_000);
    const { grants } = patient.stores;
    const { grant, code } = family();
    other.exec('begin immediate');
    const waiting = Array.from({ length: 5 }, () => grants.revokeAccessToken('jti', at(60), T0));
    const saving = grants.saveGrantWithCode(grant, code);
    expect(await grants.findGrant(grant.id, T0)).toBeUndefined();
    await expect(patient.check()).resolves.toBeUndefined();
    other.exec('rollback');
    await Promise.all([...waiting, saving]);
    expect(await grants.findGrant(grant.id, T0)).toBeDefined();
    await patient.close();
  });

  it('AS-272 sees at once what the other one wrote, also after it had to give up', async () => {
    const { grants } = storage.stores;
    const { grant, code, accessToken, refreshToken } = family();
    await grants.saveGrantWithCode(grant, code);
    await grants.redeemCode(code.hash, { accessToken, refreshToken }, T0);
    other.exec('begin immediate');
    const thing = await spend();
    const windows = [{ key: 'a', limit: 1, windowSeconds: 60 }];
    for (const write of [
      () => grants.saveAccessToken(family().accessToken),
      () => grants.useRefreshToken(rotation(refreshToken)),
      () => storage.replay.claim([thing], T0),
      () => storage.stores.counters.count(windows, T0),
    ]) {
      await expect(write()).rejects.toThrow(StoreUnavailableError);
    }
    expect(await grants.isAccessTokenActive(accessToken, T0)).toBe(true);
    other.exec('update keybound_grant set revoked = 1');
    other.exec('commit');
    expect(await grants.isAccessTokenActive(accessToken, T0)).toBe(false);
    expect(await grants.useRefreshToken(rotation(refreshToken))).toBe('gone');
  });

  it('THR-67 has all that it answered, and no more, where the process is killed', async () => {
    const { grants } = storage.stores;
    const { grant, code, ...issued } = family();
    await grants.saveGrantWithCode(grant, code);
    await grants.redeemCode(code.hash, issued, T0);
    const thing = await spend();
    await storage.replay.claim([thing], T0);
    other.exec('begin immediate');
    other.exec('update keybound_grant set revoked = 1');
    // What it leaves behind: nothing is closed.
    const left = join(folder.path, 'left.sqlite');
    await copyFile(file, left);
    await copyFile(`${file}-wal`, `${left}-wal`);
    other.exec('rollback');
    const restarted = await open(left);
    const again = restarted.stores.grants;
    expect(await again.findRefreshToken(issued.refreshToken.hash, T0)).toBeDefined();
    expect(await again.isAccessTokenActive(issued.accessToken, T0)).toBe(true);
    expect(await again.redeemCode(code.hash, issued, T0)).toBe('reused');
    expect(await restarted.replay.claim([thing], T0)).toMatchObject({ reason: 'used' });
    await restarted.close();
  });
});
