import assert from 'node:assert/strict';
import type { KeyRingRecord, KeyStore } from '@keybound/authorization-server';
import { randomName } from './random-name.js';
import {
  assertKept,
  atOnce,
  describeContract,
  namesOfNothing,
  parallel,
  plainCopy,
  raceCases,
  tally,
  tryToChange,
  type ContractCase,
} from './store-contract.js';
import type { ContractRun } from './contract-run.js';

const maxNameLength = 64;
const maxSealedLength = 65_536;
const printable = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));

/**
 * The contract test of {@link KeyStore}: what a store must do so that instances agree on their keys.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeKeyStore(
  name: string,
  make: () => Promise<KeyStore> | KeyStore,
  run: ContractRun = {},
): void {
  describeContract({ name, port: 'KeyStore', make, run }, recordCases, versionCases);
}

function recordCases(contractCase: ContractCase<KeyStore>): void {
  contractCase('AS-207 keeps a ring as it was', async (store) => {
    const record = await saved(store);
    assertKept(await store.find(record.name), record);
    assert.equal(await store.find(ring().name), undefined);
  });

  contractCase('AS-207 keeps what is sealed to the letter, however long', async (store) => {
    const whole = printable.join('');
    const longest = whole.repeat(maxSealedLength).slice(0, maxSealedLength);
    for (const sealed of [whole, longest, 'a', "' OR 1=1 --", '\\u0000 %s $1 ?']) {
      const record = await saved(store, { sealed });
      assertKept(await store.find(record.name), record);
    }
  });

  contractCase('AS-270 keeps a copy, which nobody else can change', async (store) => {
    const record = ring();
    const kept = plainCopy(record);
    await store.replace(record);
    for (const each of [record, await store.find(record.name)]) {
      tryToChange(() => ((each as { sealed: string }).sealed = 'changed'));
      assertKept(await store.find(record.name), kept);
    }
  });

  contractCase('AS-207 keeps rings apart whose names are nearly the same', async (store) => {
    const stem = `ring ${randomName().slice(0, 40)}`;
    const longest = stem.padEnd(maxNameLength, '~');
    const names = [stem, stem.toUpperCase(), `${stem} `, `${stem}%`, `${stem}\\`, longest];
    for (const name of names) assert.equal(await store.replace(ring({ name, sealed: name })), true);
    for (const name of names) {
      assertKept(await store.find(name), ring({ name, sealed: name }));
      const next = ring({ name, version: 2, sealed: `${name} 2` });
      assert.equal(await store.replace(next), true);
      assertKept(await store.find(name), next);
    }
  });

  contractCase('INV-1 finds nothing under a name that is none', async (store) => {
    await saved(store);
    for (const name of namesOfNothing) assert.equal(await store.find(name), undefined);
  });
}

function versionCases(contractCase: ContractCase<KeyStore>): void {
  contractCase('AS-272 begins with version 1, and no other', async (store) => {
    const { name } = ring();
    for (const version of [0, 2, -1, 1_000]) {
      assert.equal(await store.replace(ring({ name, version })), false);
      assert.equal(await store.find(name), undefined);
    }
    assert.equal(await store.replace(ring({ name })), true);
  });

  contractCase('AS-272 goes on with the next version, and no other', async (store) => {
    const { name } = await saved(store);
    for (let version = 2; version < 5; version++) {
      const next = ring({ name, version });
      assert.equal(await store.replace(next), true);
      for (const wrong of [version, version - 1, version + 2, 1, 0]) {
        assert.equal(await store.replace(ring({ name, version: wrong })), false);
        assertKept(await store.find(name), next);
      }
    }
  });

  raceCases(contractCase, 'AS-272 THR-93', 'lets exactly one of 25 begin', async (store) => {
    await race(store, ring().name, 1);
  });

  raceCases(contractCase, 'AS-272 THR-93', 'lets exactly one of 25 go on', async (store) => {
    const { name } = await saved(store);
    await race(store, name, 2);
  });
}

/** Of 25 one wins, and what it brought is there when its answer is. */
async function race(store: KeyStore, name: string, version: number): Promise<void> {
  const outcomes = await atOnce(async (index) => {
    const record = ring({ name, version, sealed: `by ${String(index)}` });
    const won = await store.replace(record);
    const found = await store.find(name);
    if (won) assertKept(found, record);
    assert.equal(found?.version, version);
    return won;
  });
  assert.deepEqual(tally(outcomes), { true: 1, false: parallel - 1 });
}

async function saved(store: KeyStore, own: Partial<KeyRingRecord> = {}): Promise<KeyRingRecord> {
  const record = ring(own);
  assert.equal(await store.replace(record), true);
  return record;
}

function ring(own: Partial<KeyRingRecord> = {}): KeyRingRecord {
  return { name: randomName(), version: 1, sealed: `sealed.${randomName()}`, ...own };
}
