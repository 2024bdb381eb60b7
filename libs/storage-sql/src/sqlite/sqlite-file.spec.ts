import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import Libsql, { type Database } from 'libsql';
import { join } from 'node:path';
import { ownFolder } from '../test-support/own-folder.js';
import { SqliteFile } from './sqlite-file.js';

const count = CompiledQuery.raw('select count(*) as count from theirs');
const read = CompiledQuery.raw('select number from theirs');
const add = CompiledQuery.raw('insert into theirs values (1) returning number');

describe('SqliteFile', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: SqliteFile;
  /** The connection of another process. */
  let other: Database;

  beforeEach(async () => {
    folder = await ownFolder();
    const path = join(folder.path, 'own.sqlite');
    other = new Libsql(path);
    other.pragma('journal_mode = wal');
    other.exec('create table theirs (number bigint)');
    file = new SqliteFile({ file: path, maxBytes: undefined });
  });
  afterEach(async () => {
    file.close();
    other.close();
    await folder.remove();
  });

  const counted = () => file.run<{ count: number }>(count).rows[0]?.count;

  it('AS-272 reads what is there now, and then, after it could not read', () => {
    other.pragma('locking_mode = exclusive');
    other.exec('insert into theirs values (1)');
    expect(() => file.run(read)).toThrow('locked');
    other.exec('insert into theirs values (2)');
    other.pragma('locking_mode = normal');
    for (const number of [3, 4]) {
      other.exec(`insert into theirs values (${String(number)})`);
      expect(counted()).toBe(number);
    }
  });

  it('AS-272 reads what is there now, and then, after it could not write', () => {
    other.exec('begin immediate');
    expect(() => file.run(add)).toThrow('locked');
    other.exec('commit');
    for (const number of [1, 2]) {
      other.exec(`insert into theirs values (${String(number)})`);
      expect(counted()).toBe(number);
    }
    expect(file.run(add).numAffectedRows).toBe(1n);
    expect(counted()).toBe(3);
  });

  it.each([
    ['true', true],
    ['an object', {}],
    ['nothing', undefined],
    ['a text with U+0000', 'a\0b'],
    ['NaN', NaN],
  ])(
    'INV-1 does not hand the driver %s, which would end the process or be cut short',
    (_what, value) => {
      const query = CompiledQuery.raw('select ?', [value]);
      expect(() => file.run(query)).toThrow(TypeError);
    },
  );
});
