import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RecordedAudit, SettableClock } from '@keybound/testing';
import Libsql from 'libsql';
import { join } from 'node:path';
import type { SqliteOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';
import { openSqlite } from '../sqlite/open-sqlite.js';
import { accessToken, at, T0 } from '../test-support/family.js';
import { ownFolder } from '../test-support/own-folder.js';

const everySeconds = 30;

describe('sweeping by itself', () => {
  let clock: SettableClock;
  let storage: SqlStorage;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    clock = new SettableClock();
    storage = await openSqlite({ file: ':memory:', sweepSeconds: everySeconds, clock });
  });
  afterEach(async () => {
    jest.useRealTimers();
    await storage.close();
  });

  /** So many runs, each of them to its end. */
  const runs = async (times: number, advancedBySeconds: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      clock.advance(advancedBySeconds);
      jest.advanceTimersByTime(everySeconds * 1_000);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  };

  /** Whether a reference token that ended is there still. */
  const isKept = async (hash: string): Promise<boolean> =>
    (await storage.stores.grants.findAccessToken(hash, T0)) !== undefined;

  const saved = async (): Promise<string> => {
    const record = accessToken(undefined, { expiresAt: at(60) });
    await storage.stores.grants.saveAccessToken(record);
    return record.hash;
  };

  it('THR-73 drops what ended ten minutes ago', async () => {
    const hash = await saved();
    await runs(21, everySeconds);
    expect(await isKept(hash)).toBe(true);
    await runs(1, everySeconds);
    expect(await isKept(hash)).toBe(false);
  });

  it('THR-65 does not believe a clock that leaps, until it was right for long', async () => {
    const hash = await saved();
    await runs(1, 86_400);
    expect(await isKept(hash)).toBe(true);
    clock.set(T0);
    await runs(9, everySeconds);
    expect(await isKept(hash)).toBe(true);
    clock.set(at(86_400));
    await runs(11, everySeconds);
    expect(await isKept(hash)).toBe(false);
  });

  describe('with a mistake of ours', () => {
    let folder: Awaited<ReturnType<typeof ownFolder>>;
    let beside: Libsql.Database;

    const open = async (options: Pick<SqliteOptions, 'audit'>): Promise<void> => {
      await storage.close();
      const file = join(folder.path, 'own.sqlite');
      storage = await openSqlite({ file, sweepSeconds: everySeconds, clock, ...options });
      beside = new Libsql(file);
      beside.exec('alter table keybound_interaction rename to other');
    };
    beforeEach(async () => {
      folder = await ownFolder();
    });
    afterEach(async () => {
      beside.close();
      await storage.close();
      await folder.remove();
    });

    it('THR-73 tells the audit log, and goes on when it is mended', async () => {
      const audit = new RecordedAudit();
      await open({ audit });
      const hash = await saved();
      await runs(22, everySeconds);
      expect(await isKept(hash)).toBe(true);
      const [event] = audit.events;
      expect(event).toMatchObject({ kind: 'fault', code: 'SqliteError', requirement: 'THR-73' });
      expect(event?.actual).toContain('keybound_interaction');
      beside.exec('alter table other rename to keybound_interaction');
      await runs(1, everySeconds);
      expect(await isKept(hash)).toBe(false);
    });

    it('THR-73 warns the process where there is no audit log', async () => {
      const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();
      await open({});
      await runs(1, everySeconds);
      const [message, name] = warning.mock.calls[0] ?? [];
      warning.mockRestore();
      expect(message).toContain('keybound_interaction');
      expect(name).toBe('SqliteError');
    });
  });

  it('THR-71 sweeps no more once it is closed', async () => {
    await storage.close();
    await expect(runs(30, everySeconds)).resolves.toBeUndefined();
    expect(jest.getTimerCount()).toBe(0);
  });
});
