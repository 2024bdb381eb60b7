import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import Libsql from 'libsql';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlStorage } from '../sql-storage.js';
import { at, family, newName, T0 } from '../test-support/family.js';
import { client, session, spend } from '../test-support/other-records.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

describe('what SQLite answers', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: string;
  let storage: SqlStorage;
  let disk: HeldDisk;

  beforeEach(async () => {
    folder = await ownFolder();
    file = join(folder.path, 'durable.sqlite');
    storage = await openSqlite({ file, sweepSeconds: 'off', clock: { now: () => T0 } });
    disk = await HeldDisk.holdAt(file);
  });
  afterEach(async () => {
    disk.letGo();
    await storage.close();
    await folder.remove();
  });

  it('AS-270 THR-67 survives a machine that fails, before it is answered', async () => {
    const { grants, clients, sessions } = storage.stores;
    const { grant, code, ...issued } = family();
    for (const act of [
      () => grants.saveGrantWithCode(grant, code),
      () => grants.redeemCode(code.hash, issued, T0),
      () => grants.revokeGrant(grant.id, T0),
      () => grants.revokeAccessToken(newName(), at(60), T0),
      () => clients.add(client()),
      () => sessions.start(session(), undefined),
      () => storage.keys.replace({ name: 'ring', version: 1, sealed: 'sealed' }),
    ]) {
      const isAnswered = jest.fn();
      const acting = act().then(isAnswered);
      await disk.isAsked();
      await aFewTurns();
      expect(isAnswered).not.toHaveBeenCalled();
      disk.take();
      await acting;
    }
  });

  it('THR-68 waits for no disk where it knows what it may have lost', async () => {
    const windows = [{ key: 'a', limit: 1, windowSeconds: 60 }];
    await storage.replay.claim([await spend(), await spend()], T0);
    await storage.stores.counters.count(windows, T0);
    expect(disk.timesAsked).toBe(0);
  });

  it('THR-72 waits for the disk once for all who wait, and keeps nobody else from going on', async () => {
    const { grants } = storage.stores;
    const families = Array.from({ length: 20 }, () => family());
    const saving = families.map(({ grant, code }) => grants.saveGrantWithCode(grant, code));
    await disk.isAsked();
    const found = families.map(({ grant }) => grants.findGrant(grant.id, T0));
    expect(await Promise.all(found)).toEqual(families.map(({ grant }) => grant));
    disk.take();
    await saving[0];
    await disk.isAsked();
    disk.take();
    await Promise.all(saving);
    expect(disk.timesAsked).toBe(2);
  });

  it('THR-66 AS-270 is not given where the disk did not take it, until the disk has it after all', async () => {
    const { grants } = storage.stores;
    const [lost, lostToo, later, last] = [family(), family(), family(), family()];
    const saving = grants.saveGrantWithCode(lost.grant, lost.code);
    await disk.isAsked();
    const savingToo = grants.saveGrantWithCode(lostToo.grant, lostToo.code);
    while ((await grants.findGrant(lostToo.grant.id, T0)) === undefined);
    disk.fail();
    await expect(saving).rejects.toThrow(StoreUnavailableError);
    await expect(savingToo).rejects.toThrow(StoreUnavailableError);
    expect(disk.timesAsked).toBe(1);
    disk.letGo();

    const reader = new Libsql(file);
    reader.exec('begin');
    reader.prepare('select count(*) from keybound_grant').get();
    const beside = new Libsql(file);
    beside.exec('update keybound_replay_memory set open_by = open_by + 1');
    beside.close();
    const tooEarly = grants.saveGrantWithCode(later.grant, later.code);
    await expect(tooEarly).rejects.toThrow(StoreUnavailableError);
    expect(await grants.findGrant(later.grant.id, T0)).toBeUndefined();
    reader.exec('commit');
    reader.close();

    const pragma = jest.spyOn(Libsql.prototype, 'pragma');
    await grants.saveGrantWithCode(later.grant, later.code);
    await grants.saveGrantWithCode(last.grant, last.code);
    expect(pragma.mock.calls).toEqual([['wal_checkpoint(full)']]);
    pragma.mockRestore();
  });
});

async function aFewTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

/** Takes what is written only when it is told to. */
class HeldDisk {
  timesAsked = 0;
  #isHeld = true;
  #asked: (() => void) | undefined;
  #waiting: { readonly take: () => void; readonly fail: (error: Error) => void } | undefined;

  private constructor(readonly letGo: () => void) {}

  /** @param path Of any file: all are held. */
  static async holdAt(path: string): Promise<HeldDisk> {
    const handle = await open(path, 'r');
    const spy = jest.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'datasync');
    await handle.close();
    const disk = new HeldDisk(() => {
      disk.#isHeld = false;
      disk.#waiting?.take();
      spy.mockRestore();
    });
    spy.mockImplementation(() => disk.#sync());
    return disk;
  }

  /** Resolves once somebody waits for it. */
  async isAsked(): Promise<void> {
    if (this.#waiting === undefined) await new Promise<void>((resolve) => (this.#asked = resolve));
  }

  take(): void {
    this.#waiting?.take();
  }

  fail(): void {
    this.#waiting?.fail(Object.assign(new Error('i/o error'), { code: 'EIO' }));
  }

  #sync(): Promise<void> {
    this.timesAsked += 1;
    if (!this.#isHeld) return Promise.resolve();
    return new Promise<void>((take, fail) => {
      this.#waiting = { take, fail };
      this.#asked?.();
    }).finally(() => (this.#waiting = undefined));
  }
}
