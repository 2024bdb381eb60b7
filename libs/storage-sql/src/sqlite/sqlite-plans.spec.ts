import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Libsql from 'libsql';
import { join } from 'node:path';
import type { SqlStorage } from '../sql-storage.js';
import { everyCall } from '../test-support/every-call.js';
import { T0 } from '../test-support/family.js';
import { ownFolder } from '../test-support/own-folder.js';
import { openSqlite } from './open-sqlite.js';

describe('what SQLite is asked', () => {
  let folder: Awaited<ReturnType<typeof ownFolder>>;
  let file: string;
  let storage: SqlStorage;

  beforeEach(async () => {
    folder = await ownFolder();
    file = join(folder.path, 'plans.sqlite');
    storage = await openSqlite({ file, sweepSeconds: 'off', clock: { now: () => T0 } });
  });
  afterEach(async () => {
    await storage.close();
    await folder.remove();
  });

  it('AS-270 is found by index, however many records there are', async () => {
    const asked = await preparedBy(() => everyCall(storage));
    expect(asked.length).toBeGreaterThan(40);
    const beside = new Libsql(file);
    for (const text of asked) {
      const steps = beside.prepare(`explain query plan ${text}`).all() as { detail: string }[];
      const unaided = steps.map(({ detail }) => detail).filter(readsAll);
      expect({ text, unaided }).toEqual({ text, unaided: [] });
    }
    beside.close();
  });
});

/** Each statement that is prepared meanwhile. */
async function preparedBy(act: () => Promise<unknown>): Promise<readonly string[]> {
  const spy = jest.spyOn(Libsql.prototype, 'prepare');
  try {
    await act();
    return spy.mock.calls.map(([text]) => text).filter((text) => text.includes('keybound_'));
  } finally {
    spy.mockRestore();
  }
}

/** A whole table; rows that stand in the statement itself are none. */
function readsAll(step: string): boolean {
  return step.startsWith('SCAN') && !/^SCAN (CONSTANT ROW|\d+ CONSTANT ROWS|ended)$/.test(step);
}
