import type { ContractRun } from './contract-run.js';
import type { TestRunner } from './test-runner.js';

type Describe<Store> = (name: string, make: () => Store, run: ContractRun) => void;

/** The cases of a contract test that a store fails, of all or of one. For tests of contract tests. */
export async function contractFailures<Store>(
  describe: Describe<Store>,
  make: () => Store,
  only?: string,
): Promise<string[]> {
  const cases: { readonly title: string; readonly run: () => Promise<void> }[] = [];
  const runner: TestRunner = {
    describe: (_name, define) => {
      define();
    },
    it: (title, run) => cases.push({ title, run }),
  };
  describe('a store', make, { runner });
  const asked = cases.filter(({ title }) => title === (only ?? title));
  if (asked.length === 0) throw new TypeError(`The contract has no case "${String(only)}".`);
  const failures: string[] = [];
  for (const { title, run } of asked) await run().catch(() => failures.push(title));
  return failures;
}
