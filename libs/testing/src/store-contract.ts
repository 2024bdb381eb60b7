import assert from 'node:assert/strict';
import { seconds, type Seconds } from '@keybound/core';
import { answeringLate } from './late-store.js';
import type { ContractRun } from './contract-run.js';
import { testRunner } from './test-runner.js';

/** Uses of one thing at once. THR-93. */
export const parallel = 25;
const lateRounds = 5;
const timeoutMs = 300_000;
/** Not the time of the machine that runs this: a store judges by the time it is told. */
const T0 = 1_500_000_000;

/** So many seconds after the moment at which every record was made. */
export function at(offset: number): Seconds {
  return seconds(T0 + offset);
}

/** Defines one case; its store is made for it. */
export type ContractCase<Store> = (
  title: string,
  run: (store: Store, races: { readonly rounds: number }) => Promise<void>,
) => void;

export interface ContractOptions<Store> {
  /** Of the store under test. */
  readonly name: string;
  readonly port: string;
  readonly make: () => Promise<Store> | Store;
  readonly run: ContractRun;
}

/** The cases of a port, under the test framework that was given. */
export function describeContract<Store>(
  { name, port, make, run: { runner = testRunner(), rounds = 1_000 } }: ContractOptions<Store>,
  ...groups: readonly ((contractCase: ContractCase<Store>) => void)[]
): void {
  runner.describe(`${name} (contract of ${port})`, () => {
    for (const define of groups) {
      define((title, run) => {
        runner.it(title, async () => run(await make(), { rounds }), timeoutMs);
      });
    }
  });
}

/** The same at once, 25 times. */
export function atOnce<Outcome>(act: (index: number) => Promise<Outcome>): Promise<Outcome[]> {
  return Promise.all(Array.from({ length: parallel }, (_, index) => act(index)));
}

/** A race many times over, and then a few times against a store that answers late. */
export function raceCases<Store extends object>(
  contractCase: ContractCase<Store>,
  ids: string,
  title: string,
  race: (store: Store) => Promise<void>,
): void {
  contractCase(`${ids} ${title}`, async (store, { rounds }) => {
    for (let round = 0; round < rounds; round++) await race(store);
  });
  contractCase(`${ids} ${title}, when answers are late`, async (store) => {
    const late = answeringLate(store);
    for (let round = 0; round < lateRounds; round++) await race(late);
  });
}

/** How often each outcome came. */
export function tally(outcomes: readonly unknown[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1;
  return counts;
}

/** The same record; a store may leave out members that are undefined. */
export function assertKept(found: unknown, record: unknown): void {
  assert.deepEqual(plainCopy(found), plainCopy(record));
}

/** What a careless caller may do with a record; a store may hand out frozen ones. */
export function tryToChange(change: () => unknown): void {
  try {
    change();
  } catch (error) {
    assert.ok(error instanceof TypeError);
  }
}

/** Without the members that are undefined. */
export function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy);
  if (value instanceof Set) return new Set(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plainCopy(member)]),
  );
}

/** Text that a database may choke on, or take for something else. */
export const awkwardText = 'NUL \u0000, half a pair \ud800, 🔑, " \' \\ ; -- %_\r\n\u2028';

/** Names under which there is nothing, and of which some are no name to a database. */
export const namesOfNothing = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '%',
  '*',
  'x'.repeat(10_000),
] as const;
