import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Libsql from 'libsql';
import type { SqlStorage } from '../sql-storage.js';
import { at, family, newName, T0 } from '../test-support/family.js';
import { client, session, spend } from '../test-support/other-records.js';
import { openSqlite } from './open-sqlite.js';

/** How much what is committed survives: its machine, or its process. */
type Survives = 'full' | 'normal';

describe('what SQLite answers', () => {
  let storage: SqlStorage;

  beforeEach(async () => {
    storage = await openSqlite({ file: ':memory:', sweepSeconds: 'off', clock: { now: () => T0 } });
  });
  afterEach(() => storage.close());

  /** Of each transaction that is committed meanwhile. */
  const committedBy = async (act: () => Promise<unknown>): Promise<readonly Survives[]> => {
    await storage.replay.claim([await spend()], T0);
    let survives: Survives = 'normal';
    const committed: Survives[] = [];
    const spy = jest.spyOn(Libsql.prototype, 'exec');
    await act();
    for (const [text] of spy.mock.calls) {
      if (text.startsWith('pragma synchronous = ')) survives = text.slice(21) as Survives;
      if (text === 'commit') committed.push(survives);
    }
    spy.mockRestore();
    return committed;
  };

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
      expect(await committedBy(act)).toEqual(['full']);
    }
  });

  it('THR-68 waits for no disk where it knows what it may have lost', async () => {
    const things = [await spend(), await spend()];
    const windows = [{ key: 'a', limit: 1, windowSeconds: 60 }];
    for (const act of [
      () => storage.replay.claim(things.slice(1), T0),
      () => storage.replay.claim(things.slice(0, 1), T0),
      () => storage.stores.counters.count(windows, T0),
    ]) {
      expect(await committedBy(act)).toEqual(['normal']);
    }
  });
});
