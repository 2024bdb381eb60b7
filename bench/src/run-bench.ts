import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { askChild } from './ask-child.js';
import { checkBudgets, type Figures } from './budgets.js';
import { measureImportCosts } from './import-cost.js';
import { measureContenders, type Effort } from './measure-contenders.js';
import { renderReport } from './render-report.js';
import type { ReplayCacheRow } from './replay-cache.js';

const { values: flags } = parseArgs({
  options: {
    /** Short rounds, to see that everything runs: the figures are worth little. */
    quick: { type: 'boolean', default: false },
    /** Writes docs/benchmarks.md. */
    write: { type: 'boolean', default: false },
    /** Ends with 1 where a budget is missed. */
    strict: { type: 'boolean', default: false },
  },
});

const effort: Effort = flags.quick
  ? { rounds: 3, requests: 1_000, connections: 32 }
  : { rounds: 9, requests: 5_000, connections: 32 };

const figures: Figures = {
  samples: await measureContenders(effort),
  replayCache: (await askChild('replay-cache-child', [], ['--expose-gc'])) as ReplayCacheRow,
  importCosts: await measureImportCosts(flags.quick ? 3 : 7),
};
const report = await format(renderReport(figures, effort), { parser: 'markdown' });
console.log(report);
if (flags.write) await writeFile(new URL('../../docs/benchmarks.md', import.meta.url), report);

const missed = checkBudgets(figures).filter(({ met }) => !met);
for (const { what, budget, measured } of missed) {
  console.error(`✗ MISSED: ${what} is ${measured}, the budget is ${budget}`);
}
if (flags.strict && missed.length > 0) process.exitCode = 1;
