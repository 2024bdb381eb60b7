import assert from 'node:assert/strict';
import type { CounterStore } from '@keybound/authorization-server';
import { randomName } from './random-name.js';
import {
  at,
  atOnce,
  awkwardText,
  describeContract,
  parallel,
  raceCases,
  tally,
  type ContractCase,
} from './store-contract.js';
import type { ContractRun } from './contract-run.js';

const within = { within: true } as const;

/**
 * The contract test of {@link CounterStore}: what a store must do so that a limit is one.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeCounterStore(
  name: string,
  make: () => Promise<CounterStore> | CounterStore,
  run: ContractRun = {},
): void {
  describeContract({ name, port: 'CounterStore', make, run }, limitCases, windowCases);
}

function limitCases(contractCase: ContractCase<CounterStore>): void {
  contractCase('AS-91 lets as many through as the limit says', async (store) => {
    const key = limited(3);
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.deepEqual(await store.count([key], at(0)), within);
    }
    assert.deepEqual(await store.count([key], at(0)), refusedFor(60));
    assert.deepEqual(await store.count([limited(3)], at(0)), within);
    assert.deepEqual(await store.count([], at(0)), within);
  });

  raceCases(
    contractCase,
    'AS-91 THR-93',
    'lets exactly the limit through of 25 at once',
    async (store) => {
      const key = limited(7);
      const outcomes = await atOnce(async () => (await store.count([key], at(0))).within);
      assert.deepEqual(tally(outcomes), { true: 7, false: parallel - 7 });
    },
  );

  raceCases(
    contractCase,
    'AS-91 THR-93',
    'counts several keys at once, in whatever order they are named',
    async (store) => {
      const [few, many] = [limited(4), limited(1000)];
      const outcomes = await atOnce(async (index) => {
        const keys = index % 2 === 0 ? [few, many] : [many, few];
        return (await store.count(keys, at(0))).within;
      });
      assert.deepEqual(tally(outcomes), { true: 4, false: parallel - 4 });
    },
  );

  contractCase('AS-91 counts under every key, also where one is over its limit', async (store) => {
    const [subject, address] = [limited(1), limited(3)];
    assert.deepEqual(await store.count([subject, address], at(0)), within);
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.deepEqual(await store.count([subject, address], at(0)), refusedFor(60));
    }
    assert.deepEqual(await store.count([address], at(0)), refusedFor(60));
  });

  contractCase('AS-91 starts a key anew after a success', async (store) => {
    const [key, other] = [limited(1), limited(1)];
    await store.count([key, other], at(0));
    await store.reset(key.key);
    await store.reset(limited(1).key);
    assert.deepEqual(await store.count([key], at(30)), within);
    assert.deepEqual(await store.count([key], at(89)), refusedFor(1));
    assert.deepEqual(await store.count([other], at(30)), refusedFor(30));
  });

  contractCase('INV-1 counts under any name, however long', async (store) => {
    const prefix = 'x'.repeat(10_000);
    const names = [prefix, `${prefix}x`, `${prefix}X`, '', ' ', '__proto__', awkwardText, '\ud800'];
    const keys = names.map((key) => ({ key, limit: 1, windowSeconds: 60 }));
    for (const name of names) await store.reset(name);
    for (const key of keys) assert.deepEqual(await store.count([key], at(0)), within);
    for (const key of keys) assert.deepEqual(await store.count([key], at(0)), refusedFor(60));
    for (const name of names) await store.reset(name);
  });
}

function windowCases(contractCase: ContractCase<CounterStore>): void {
  contractCase('AS-91 ends a window to the second, counted from its first', async (store) => {
    const key = limited(2);
    await store.count([key], at(0));
    await store.count([key], at(59));
    assert.deepEqual(await store.count([key], at(59)), refusedFor(1));
    assert.deepEqual(await store.count([key], at(60)), within);
    assert.deepEqual(await store.count([key], at(119)), within);
    assert.deepEqual(await store.count([key], at(119)), refusedFor(1));
    assert.deepEqual(await store.count([key], at(120)), within);
  });

  contractCase('AS-91 does not let refused attempts prolong a window', async (store) => {
    const key = limited(1);
    await store.count([key], at(0));
    for (let second = 0; second < 60; second++) {
      assert.deepEqual(await store.count([key], at(second)), refusedFor(60 - second));
    }
    assert.deepEqual(await store.count([key], at(60)), within);
  });

  contractCase('AS-91 names the longest wait of those that are over', async (store) => {
    const [short, long] = [limited(1, 10), limited(1, 300)];
    const unharmed = limited(1000, 9999);
    await store.count([short, long, unharmed], at(0));
    assert.deepEqual(await store.count([long, short, unharmed], at(1)), refusedFor(299));
    assert.deepEqual(await store.count([short], at(1)), refusedFor(9));
  });

  contractCase('AS-91 does not forget when the clock goes back', async (store) => {
    const key = limited(1);
    await store.count([key], at(0));
    assert.equal((await store.count([key], at(-300))).within, false);
    assert.deepEqual(await store.count([key], at(1)), refusedFor(59));
  });

  contractCase(
    'AS-91 THR-65 limits on when a clock that leapt ahead is put right',
    async (store) => {
      await store.count([limited(1)], at(1_000_000));
      const key = limited(1);
      await store.count([key], at(0));
      for (let other = 0; other < 10; other++) await store.count([limited(1)], at(1));
      assert.deepEqual(await store.count([key], at(1)), refusedFor(59));
    },
  );
}

function limited(limit: number, windowSeconds = 60) {
  return { key: `contract ${randomName()}`, limit, windowSeconds };
}

function refusedFor(retryAfterSeconds: number) {
  return { within: false, retryAfterSeconds };
}
