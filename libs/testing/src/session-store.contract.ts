import assert from 'node:assert/strict';
import type { SessionRecord, SessionStore } from '@keybound/authorization-server';
import { answeringLate } from './late-store.js';
import { randomName } from './random-name.js';
import {
  assertKept,
  at,
  atOnce,
  awkwardText,
  describeContract,
  namesOfNothing,
  parallel,
  plainCopy,
  tally,
  tryToChange,
  type ContractCase,
} from './store-contract.js';
import type { ContractRun } from './contract-run.js';

const idleSeconds = 100;

/**
 * The contract test of {@link SessionStore}: what a store must do so that a login is over when it is.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeSessionStore(
  name: string,
  make: () => Promise<SessionStore> | SessionStore,
  run: ContractRun = {},
): void {
  describeContract({ name, port: 'SessionStore', make, run }, lifeCases, endCases);
}

function lifeCases(contractCase: ContractCase<SessionStore>): void {
  contractCase('AS-26 keeps a session as it was', async (store) => {
    const record = await started(store);
    assertKept(await store.find(record.hash, idleSeconds, at(0)), record);
    assert.equal(await store.find(session().hash, idleSeconds, at(0)), undefined);
  });

  contractCase('AS-270 keeps a copy, which nobody else can change', async (store) => {
    const record = session({ clientIds: ['client-1'] });
    const kept = plainCopy(record);
    await store.start(record, undefined);
    for (const each of [record, await store.find(record.hash, idleSeconds, at(0))]) {
      tryToChange(() => ((each?.clientIds as unknown[]).length = 0));
      assertKept(await store.find(record.hash, idleSeconds, at(0)), kept);
    }
  });

  contractCase('THR-57 ends the old session with the login that replaces it', async (store) => {
    const [old, bystander] = [await started(store), await started(store)];
    const login = session();
    await store.start(login, old.hash);
    assert.equal(await store.find(old.hash, idleSeconds, at(0)), undefined);
    assertKept(await store.find(login.hash, idleSeconds, at(0)), login);
    assertKept(await store.find(bystander.hash, idleSeconds, at(0)), bystander);
  });

  contractCase('THR-57 starts a session where the one to replace is unknown', async (store) => {
    const login = session();
    await store.start(login, session().hash);
    assertKept(await store.find(login.hash, idleSeconds, at(0)), login);
  });

  contractCase('AS-26 ends a session that idles, to the second', async (store) => {
    const { hash } = await started(store);
    assert.ok(await store.find(hash, idleSeconds, at(99)));
    assert.equal(await store.find(hash, idleSeconds, at(100)), undefined);
    assert.ok(await store.find(hash, idleSeconds + 1, at(100)), 'finding it does not end it');
  });

  contractCase('AS-26 takes a use for a client as being seen', async (store) => {
    const { hash } = await started(store);
    await store.touch(hash, 'client-1', at(50));
    assert.ok(await store.find(hash, idleSeconds, at(149)));
    assert.equal(await store.find(hash, idleSeconds, at(150)), undefined);
  });

  contractCase('AS-26 does not let a clock that is behind shorten a session', async (store) => {
    const { hash } = await started(store);
    await store.touch(hash, 'client-1', at(50));
    await store.touch(hash, 'client-2', at(-300));
    const found = await store.find(hash, idleSeconds, at(149));
    assert.equal(found?.lastSeenAt, at(50));
    assert.deepEqual([...found.clientIds].sort(), ['client-1', 'client-2']);
  });

  contractCase('AS-26 ends a session at its absolute end, used or not', async (store) => {
    const { hash } = await started(store, { expiresAt: at(120) });
    await store.touch(hash, 'client-1', at(110));
    assert.ok(await store.find(hash, idleSeconds, at(119)));
    assert.equal(await store.find(hash, idleSeconds, at(120)), undefined);
  });

  contractCase('AS-26 THR-93 notes every client, each once', async (store) => {
    for (const asked of [store, answeringLate(store)]) {
      const { hash } = await started(store, { clientIds: ['client-0'] });
      await atOnce((index) => asked.touch(hash, `client-${String(index)}`, at(1)));
      await atOnce((index) => asked.touch(hash, `client-${String(index % 5)}`, at(1)));
      const found = await store.find(hash, idleSeconds, at(1));
      const expected = Array.from({ length: parallel }, (_, index) => `client-${String(index)}`);
      assert.ok(found);
      assert.deepEqual(new Set(found.clientIds), new Set(expected));
      assert.equal(found.clientIds.length, expected.length);
      assert.equal(found.lastSeenAt, at(1));
    }
  });

  contractCase('INV-1 finds nothing under a name that is none', async (store) => {
    for (const name of namesOfNothing) {
      assert.equal(await store.find(name, idleSeconds, at(0)), undefined);
      await store.touch(name, 'client-1', at(0));
      assert.equal(await store.end(name), undefined);
      const login = session();
      await store.start(login, name);
      assertKept(await store.find(login.hash, idleSeconds, at(0)), login);
    }
  });
}

function endCases(contractCase: ContractCase<SessionStore>): void {
  contractCase('AS-26 ends a session, and says what it was', async (store) => {
    const [record, bystander] = [await started(store), await started(store)];
    assertKept(await store.end(record.hash), record);
    assert.equal(await store.end(record.hash), undefined);
    assert.equal(await store.find(record.hash, idleSeconds, at(0)), undefined);
    assert.ok(await store.find(bystander.hash, idleSeconds, at(0)));
  });

  contractCase('AS-26 THR-93 tells exactly one of 25 what it ended', async (store) => {
    for (const each of [store, answeringLate(store)]) {
      const { hash } = await started(store);
      const ended = await atOnce(async () => (await each.end(hash)) !== undefined);
      assert.deepEqual(tally(ended), { true: 1, false: parallel - 1 });
    }
  });

  contractCase('THR-50 does not bring back a session that ended', async (store) => {
    for (const each of [store, answeringLate(store)]) {
      for (let round = 0; round < 5; round++) {
        const { hash } = await started(store);
        const touches = atOnce((index) => each.touch(hash, `client-${String(index)}`, at(1)));
        await Promise.all([touches, each.end(hash)]);
        assert.equal(await store.find(hash, idleSeconds, at(1)), undefined);
      }
    }
  });
}

async function started(
  store: SessionStore,
  changes: Partial<SessionRecord> = {},
): Promise<SessionRecord> {
  const record = session(changes);
  await store.start(record, undefined);
  return record;
}

function session(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    hash: randomName(),
    sid: randomName(),
    subject: `user ${awkwardText}`,
    authTime: at(-1),
    acr: 'urn:example:acr',
    amr: ['pwd', 'otp'],
    clientIds: [],
    lastSeenAt: at(0),
    expiresAt: at(10_000),
    ...changes,
  };
}
