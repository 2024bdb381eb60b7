import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { askChild } from './ask-child.js';
import { checkBudgets, type Figures } from './budgets.js';
import { groups, type GroupName } from './groups.js';
import { growthEffort } from './growth/growth-effort.js';
import { measureGrowth } from './growth/measure-growth.js';
import { measureImportCosts } from './import-cost.js';
import { measureGroup, type Samples } from './measure-group.js';
import { renderReport } from './render-report.js';
import type { ReplayCacheRow } from './replay-cache.js';
import { findServices } from './stores/services.js';

const { values: flags } = parseArgs({
  options: {
    /** Short rounds, to see that everything runs: the figures are worth little. */
    quick: { type: 'boolean', default: false },
    /** Stores grow to a million grants. */
    large: { type: 'boolean', default: false },
    /** Of this group alone, several times for several groups; nothing else is measured. */
    only: { type: 'string', multiple: true, default: [] },
    /** Writes docs/benchmarks.md. */
    write: { type: 'boolean', default: false },
    /** Ends with 1 where a budget is missed. */
    strict: { type: 'boolean', default: false },
  },
});
if (flags.write && flags.only.length > 0) throw new Error('The whole report is written, or none.');

const parts = partsToMeasure(flags.only);
const effort = flags.quick ? 'quick' : 'full';
const services = await findServices();
const growing = growthEffort(effort, flags.large);
const means = { services, mostGrants: Math.max(...growing.sizes) };
const samples = new Map<GroupName, Samples>();
for (const name of groupNames()) {
  if (!parts.has(name)) continue;
  const group = groups[name];
  samples.set(name, await measureGroup(group, group.effort[effort], means));
}
const figures: Figures = { samples, ...(await measureTheRest()) };
const report = await format(renderReport(figures, effort, services), { parser: 'markdown' });
console.log(report);
if (flags.write) await writeFile(new URL('../../docs/benchmarks.md', import.meta.url), report);

const missed = checkBudgets(figures).filter(({ met }) => !met);
for (const { what, budget, measured } of missed) {
  console.error(`✗ MISSED: ${what} is ${measured}, the budget is ${budget}`);
}
if (flags.strict && missed.length > 0) process.exitCode = 1;

function groupNames(): readonly GroupName[] {
  return Object.keys(groups) as GroupName[];
}

/** All of them where none is named. */
function partsToMeasure(only: readonly string[]): ReadonlySet<string> {
  const parts = [...groupNames(), 'growth'];
  for (const name of only) {
    if (!parts.includes(name)) throw new Error(`"${name}" is none of ${parts.join(', ')}.`);
  }
  return new Set(only.length === 0 ? parts : only);
}

async function measureTheRest(): Promise<Omit<Figures, 'samples'>> {
  const growth = parts.has('growth') ? await measureGrowth(growing, services) : [];
  if (flags.only.length > 0) return { growth, replayCache: undefined, importCosts: [] };
  return {
    growth,
    replayCache: (await askChild('replay-cache-child', [], ['--expose-gc'])) as ReplayCacheRow,
    importCosts: await measureImportCosts(flags.quick ? 3 : 7),
  };
}
