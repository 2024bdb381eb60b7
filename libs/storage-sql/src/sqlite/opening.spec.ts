import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, StoreUnavailableError } from '@keybound/core';
import Libsql from 'libsql';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqliteOptions } from '../options.schema.js';
import type { SqlStorage } from '../sql-storage.js';
import { everyCall } from '../test-support/every-call.js';
import { family, T0 } from '../test-support/family.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

describe('openSqlite', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: string;
  const opened: SqlStorage[] = [];

  beforeEach(async () => {
    folder = await ownFolder();
    file = join(folder.path, 'own.sqlite');
  });
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    await folder.remove();
  });

  const open = async (options: Partial<SqliteOptions> = {}): Promise<SqlStorage> => {
    const storage = await openSqlite({
      file,
      sweepSeconds: 'off',
      clock: { now: () => T0 },
      ...options,
    });
    opened.push(storage);
    return storage;
  };

  it.each([
    ['file', 'that is empty', { file: '' }],
    ['file', 'in a network', { file: 'libsql://db.example' }],
    ['file', 'by URL', { file: 'file:own.sqlite?mode=ro' }],
    ['file', 'in memory of another kind', { file: ':temporary:' }],
    ['maxBytes', 'of nothing', { maxBytes: 0 }],
    ['timeoutMs', 'of nothing', { timeoutMs: 0 }],
    ['sweepSeconds', 'of nothing', { sweepSeconds: 0 }],
    ['clock', 'that tells no time', { clock: { time: () => 0 } }],
    ['retries', 'that is no option', { retries: 3 }],
  ])('INV-9 cannot be opened with a %s %s', async (name, _what, options) => {
    const opening = open(options as unknown as SqliteOptions);
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(name);
  });

  it('AS-270 makes a file that nobody but its owner may read', async () => {
    await open();
    const { mode } = await stat(file);
    expect(mode & 0o777).toBe(0o600);
  });

  it('AS-270 answers everything, in a file and in memory', async () => {
    for (const storage of [await open(), await open({ file: ':memory:' })]) {
      const outcomes = await everyCall(storage);
      const failed = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'answered');
      expect(failed.filter(([name]) => name !== 'sweep')).toEqual([]);
    }
  });

  it('AS-270 knows after a restart what it was told before', async () => {
    const { grant, code } = family();
    const first = await open();
    await first.stores.grants.saveGrantWithCode(grant, code);
    await first.close();
    const second = await open();
    expect(await second.stores.grants.findGrant(grant.id, T0)).toMatchObject({ id: grant.id });
  });

  it('AS-270 is shared where it is a file, and of one process where it is not', async () => {
    expect((await open()).stores.grants.sharing).toBe('shared');
    expect((await open({ file: ':memory:' })).replay.sharing).toBe('process');
  });

  it.each([
    ['whose folder is not there', async () => join(file, 'below', 'own.sqlite')],
    [
      'that is a folder',
      async () => {
        await mkdir(file);
        return file;
      },
    ],
    [
      'that is something else',
      async () => {
        await writeFile(file, 'Dear diary, '.repeat(1_000));
        return file;
      },
    ],
    [
      'that is damaged',
      async () => {
        await (await openSqlite({ file, sweepSeconds: 'off' })).close();
        const octets = await readFile(file);
        await writeFile(file, octets.fill(0x55, 100, 4_096));
        return file;
      },
    ],
    [
      'of which it is said that it may only be read',
      async () => {
        await (await openSqlite({ file, sweepSeconds: 'off' })).close();
        const octets = await readFile(file);
        // Its write version, of which SQLite knows the first two.
        await writeFile(file, octets.fill(3, 18, 19));
        return file;
      },
    ],
  ])('INV-9 cannot be opened on a file %s, and says so', async (_what, make) => {
    const path = await make();
    const opening = open({ file: path });
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(path);
  });

  it('THR-66 waits for another process that has the file for itself', async () => {
    const other = new Libsql(file);
    other.exec('begin exclusive');
    other.exec('create table theirs (id text)');
    const opening = open();
    other.exec('commit');
    await expect(opening).resolves.toBeDefined();
    other.close();
  });

  it('THR-71 answers what is under way, and nothing any more once it is closed', async () => {
    const storage = await open();
    const { grant, code } = family();
    const saving = storage.stores.grants.saveGrantWithCode(grant, code);
    const closing = storage.close();
    await expect(saving).resolves.toBeUndefined();
    await closing;
    await expect(storage.close()).resolves.toBeUndefined();
    for (const [name, outcome] of Object.entries(await everyCall(storage))) {
      expect([name, outcome]).toEqual([name, expect.any(StoreUnavailableError)]);
    }
    const again = await open();
    expect(await again.stores.grants.findGrant(grant.id, T0)).toBeDefined();
  });
});
