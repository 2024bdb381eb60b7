import assert from 'node:assert/strict';
import {
  seconds,
  spendOf,
  type ClaimOutcome,
  type ReplayStore,
  type Seconds,
  type Spend,
  type SpendTimes,
  type UnclaimedOutcome,
} from '@keybound/core';
import { answeringLate } from './late-store.js';
import type { ContractRun } from './contract-run.js';
import { testRunner } from './test-runner.js';

const parallel = 25;
const lateRounds = 5;
const timeoutMs = 300_000;
/**
 * Not the time of the machine that runs this: a store judges by the time it is told. What the cases
 * claim could be accepted from then on, unless they say otherwise: 2017-07-14.
 */
const T0 = 1_500_000_000;

/**
 * The contract test of {@link ReplayStore}: what a store must do so that nothing is used twice.
 *
 * @param make   Called once per case. The stores may share one database, also with earlier runs:
 *               every case names its things anew, and time only goes back where that is the case. A
 *               store that knows since when its memory reaches back is made with a moment of 2017 or
 *               before. Closing what was opened is up to the caller.
 * @param run    The test framework, its globals unless given, and how long the races are.
 */
export function describeReplayStore(
  name: string,
  make: () => Promise<ReplayStore> | ReplayStore,
  { runner = testRunner(), rounds = 1_000 }: ContractRun = {},
): void {
  const contractCase = (title: string, run: (store: ReplayStore) => Promise<void>) =>
    runner.it(title, async () => run(await make()), timeoutMs);

  runner.describe(`${name} (contract of ReplayStore)`, () => {
    contractCase('DPOP-13 accepts a thing once', async (store) => {
      const thing = await fresh();
      assert.deepEqual(await store.claim([thing], seconds(T0)), { claimed: true });
      assertSpent(await store.claim([thing], seconds(T0)), thing);
      assert.deepEqual(await store.claim([], seconds(T0)), { claimed: true });
    });

    contractCase('OPS-05 THR-93 lets exactly one of 25 parallel claims win', async (store) => {
      for (let round = 0; round < rounds; round++) await race(store, [await fresh()]);
    });

    contractCase('OPS-05 THR-93 lets exactly one win when answers are late', async (store) => {
      const late = answeringLate(store);
      for (let round = 0; round < lateRounds; round++) await race(late, [await fresh()]);
    });

    contractCase('THR-93 lets exactly one win whatever the order of a list', async (store) => {
      for (let round = 0; round < lateRounds; round++) {
        await race(answeringLate(store), [await fresh(), await fresh(), await fresh()]);
      }
    });

    contractCase('INV-3 claims all of a list or none', async (store) => {
      const [used, before, after] = [await fresh(), await fresh(), await fresh()];
      await store.claim([used], seconds(T0));
      assertSpent(await store.claim([before, used, after], seconds(T0)), used);
      assert.deepEqual(await store.claim([after, before], seconds(T0)), { claimed: true });
      assertSpent(await store.claim([before], seconds(T0)), before);
      assertSpent(await store.claim([after], seconds(T0)), after);
    });

    contractCase('INV-3 names the first of several that were used', async (store) => {
      const [first, second] = [await fresh(), await fresh()];
      await store.claim([second, first], seconds(T0));
      assertSpent(await store.claim([await fresh(), first, second], seconds(T0)), first);
    });

    contractCase('INV-3 uses up nothing for those who lose a race', async (store) => {
      const shared = await fresh();
      const own = await Promise.all(Array.from({ length: parallel }, () => fresh()));
      const outcomes = await Promise.all(
        own.map((spend) => store.claim([spend, shared], seconds(T0))),
      );
      assert.equal(winnersOf(outcomes), 1);
      const again = await Promise.all(own.map((spend) => store.claim([spend], seconds(T0))));
      assert.deepEqual(
        again.map(({ claimed }) => claimed),
        outcomes.map(({ claimed }) => !claimed),
      );
    });

    contractCase('DPOP-13 counts a thing that a list names twice as used', async (store) => {
      const [twice, other] = [await fresh(), await fresh()];
      assertSpent(await store.claim([other, twice, twice], seconds(T0)), twice);
      assert.deepEqual(await store.claim([twice, other], seconds(T0)), { claimed: true });
    });

    contractCase('OPS-06 holds to the last second before `until`, then frees', async (store) => {
      const thing = await fresh(60);
      await store.claim([thing], seconds(T0));
      assertSpent(await store.claim([thing], seconds(T0 + 59)), thing);
      const renewed = { ...thing, until: seconds(T0 + 90) };
      assert.deepEqual(await store.claim([renewed], seconds(T0 + 60)), { claimed: true });
      assertSpent(await store.claim([renewed], seconds(T0 + 89)), renewed);
      assert.deepEqual(await store.claim([thing], seconds(T0 + 90)), { claimed: true });
    });

    contractCase('OPS-06 holds each of a list until its own time', async (store) => {
      const [short, long] = [await fresh(10), await fresh(600)];
      await store.claim([short, long], seconds(T0));
      assertSpent(await store.claim([short, long], seconds(T0 + 10)), long);
      assert.deepEqual(await store.claim([short], seconds(T0 + 10)), { claimed: true });
      assertSpent(await store.claim([long], seconds(T0 + 599)), long);
    });

    contractCase('OPS-06 holds a thing whose time is over for a second', async (store) => {
      for (const [moment, lifetime] of [
        [0, 0],
        [10, -1],
        [20, -600],
      ] as const) {
        const thing = await fresh(moment + lifetime);
        assert.deepEqual(await store.claim([thing], at(moment)), { claimed: true });
        assertSpent(await store.claim([thing], at(moment)), thing);
        assert.deepEqual(await store.claim([thing], at(moment + 1)), { claimed: true });
      }
    });

    contractCase('OPS-06 does not let a refused claim prolong what it met', async (store) => {
      const thing = await fresh(60);
      await store.claim([thing], seconds(T0));
      assertSpent(await store.claim([{ ...thing, until: at(600) }], seconds(T0 + 1)), thing);
      assert.deepEqual(await store.claim([thing], seconds(T0 + 60)), { claimed: true });
    });

    contractCase('OPS-06 judges by the time it is told', async (store) => {
      for (const moment of [T0 - 500_000_000, T0 + 1_500_000_000]) {
        const thing = { ...(await fresh()), until: seconds(moment + 60) };
        assert.deepEqual(await store.claim([thing], seconds(moment)), { claimed: true });
        assertSpent(await store.claim([thing], seconds(moment + 59)), thing);
        assert.deepEqual(await store.claim([thing], seconds(moment + 60)), { claimed: true });
      }
    });

    contractCase('THR-28 does not forget when the clock goes back', async (store) => {
      const thing = await fresh(60);
      await store.claim([thing], seconds(T0));
      assertSpent(await store.claim([thing], seconds(T0 - 3600)), thing);
    });

    contractCase('THR-68 has forgotten nothing that is no older than its memory', async (store) => {
      for (const since of [at(0), at(1), at(600)]) {
        const [thing, other] = [await fresh(), await fresh()];
        const young = { ...thing, since, until: seconds(since + 60) };
        assert.deepEqual(await store.claim([other, young], seconds(T0)), { claimed: true });
        assertSpent(await store.claim([young], seconds(T0)), young);
      }
    });

    contractCase('THR-68 uses up nothing for what it may have forgotten', async (store) => {
      const [before, after] = [await fresh(), await fresh()];
      const ancient = { ...(await fresh()), since: seconds(0) };
      const outcome = await store.claim([before, ancient, after], seconds(T0));
      const known = outcome.claimed;
      if (!known) assertUnclaimed(outcome, ancient, 'forgotten');
      const again = await store.claim([ancient], seconds(T0));
      assertUnclaimed(again, ancient, known ? 'used' : 'forgotten');
      for (const young of [before, after]) {
        assert.equal((await store.claim([young], seconds(T0))).claimed, !known);
      }
    });

    contractCase('THR-30 keeps namespaces and fields apart', async (store) => {
      const id = crypto.randomUUID();
      const names: readonly [string, ...string[]][] = [
        ['dpop', id, 'ab', 'c'],
        ['dpop', id, 'a', 'bc'],
        ['dpop', id, 'abc'],
        ['dpop', id, 'abc', ''],
        ['shr', id, 'ab', 'c'],
        ['dpo', `p${id}`, 'ab', 'c'],
      ];
      for (const [kind, ...fields] of names) {
        const outcome = await store.claim([await spendOf(kind, fields, lasting(60))], seconds(T0));
        assert.deepEqual(outcome, { claimed: true });
      }
    });

    contractCase('THR-30 keeps a thousand things apart', async (store) => {
      const things = await Promise.all(Array.from({ length: 1000 }, () => fresh()));
      const claimAll = () => Promise.all(things.map((thing) => store.claim([thing], seconds(T0))));
      assert.equal(winnersOf(await claimAll()), 1000);
      assert.equal(winnersOf(await claimAll()), 0);
    });

    contractCase('THR-28 does not keep the caller’s octets', async (store) => {
      const thing = await fresh();
      const digest = Uint8Array.from(thing.digest);
      await store.claim([{ ...thing, digest }], seconds(T0));
      digest.fill(0);
      assertSpent(await store.claim([thing], seconds(T0)), thing);
    });
  });
}

/** 25 claims of the same things at once, each in another order: one wins, none fails. */
async function race(store: ReplayStore, things: readonly Spend[]): Promise<void> {
  const claims = Array.from({ length: parallel }, (_, index) => {
    const turn = index % things.length;
    return store.claim([...things.slice(turn), ...things.slice(0, turn)], seconds(T0));
  });
  assert.equal(winnersOf(await Promise.all(claims)), 1);
}

function winnersOf(outcomes: readonly ClaimOutcome[]): number {
  return outcomes.filter(({ claimed }) => claimed).length;
}

function assertSpent(outcome: ClaimOutcome, spend: Spend): void {
  assertUnclaimed(outcome, spend, 'used');
}

function assertUnclaimed(
  outcome: ClaimOutcome,
  spend: Spend,
  reason: UnclaimedOutcome['reason'],
): void {
  assert.ok(!outcome.claimed, 'a second use was accepted');
  assert.equal(outcome.reason, reason);
  assert.deepEqual([...outcome.spent.digest], [...spend.digest]);
  assert.equal(outcome.spent.kind, spend.kind);
}

/** A thing that nobody has named before, good from T0 on for so many seconds. */
function fresh(lifetime = 60): Promise<Spend> {
  return spendOf('contract', [crypto.randomUUID()], lasting(lifetime));
}

function lasting(lifetime: number): SpendTimes {
  return { since: at(0), until: at(lifetime) };
}

function at(offset: number): Seconds {
  return seconds(T0 + offset);
}
