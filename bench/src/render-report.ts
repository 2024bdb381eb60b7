import { cpus } from 'node:os';
import { checkBudgets, type Figures } from './budgets.js';
import type { Effort, Group } from './group.js';
import { groups } from './groups.js';
import { renderGrowth } from './growth/render-growth.js';
import type { Sample, Samples } from './measure-group.js';
import { median } from './median.js';
import { ratioOf } from './ratio-of.js';
import { renderTable } from './render-table.js';
import type { ReplayCacheRow } from './replay-cache.js';
import type { Service, Services } from './stores/services.js';
import type { Verdict } from './verdict.js';

/** The whole report as Markdown. */
export function renderReport(
  figures: Figures,
  effort: 'full' | 'quick',
  services: Services,
): string {
  const sections = [...figures.samples].map(([name, samples]) => {
    const group = groups[name];
    return renderGroup(group, group.effort[effort], samples);
  });
  if (figures.growth.length > 0) sections.push(renderGrowth(figures.growth));
  if (figures.replayCache !== undefined) sections.push(renderReplayCache(figures.replayCache));
  return `# Benchmarks

Written by \`npm run bench -- --write\`. Only the ratios mean something elsewhere: all figures come from
one run, in which the servers took turns.

${describeRun(services)}

${sections.join('\n\n')}

## Budgets

A ratio is the median of the rounds' ratios: of servers, of what is done in a second; of stores that grow, of
the time that one takes in the median. Servers are judged by those that keep everything in memory.

${renderVerdicts(checkBudgets(figures))}
`;
}

function describeRun(services: Services): string {
  const processors = cpus();
  return [
    `- Node ${process.version}, ${process.platform} ${process.arch}, ${String(processors.length)} cores of ${processors[0]?.model ?? 'an unknown make'}`,
    '- One process for each server, one for the load; connections are kept alive',
    describeStores(services),
    '- ES256 throughout',
    '- Figures are medians over the rounds; CPU is the time of all threads of the server, without databases',
  ].join('\n');
}

function describeStores({ postgres, redis }: Services): string {
  return `- Stores: SQLite in a file, ${versionOf('PostgreSQL', postgres)}, ${versionOf('Redis', redis)}`;
}

function versionOf(name: string, service: Service | undefined): string {
  return service === undefined
    ? `no ${name} (none answered: what needs it is left out)`
    : `${name} ${service.version}`;
}

function renderGroup(
  { title, counted, method, contenders, yardsticks }: Group,
  { rounds, count, connections }: Effort,
  samples: Samples,
): string {
  const measured = contenders.filter(({ name }) => samples.has(name));
  const rows = measured.map(({ name, what }) => [
    name,
    what,
    ...middles(samples.get(name) ?? []),
    ...yardsticks.map((against) => `${ratioOf(samples, name, against).toFixed(2)}×`),
  ]);
  const one = counted.slice(0, -1);
  const titles = [
    ...['server', 'what it is', `${counted}/s`, 'p50 ms', 'p99 ms', `CPU µs/${one}`],
    ...yardsticks.map((against) => `: ${against}`),
  ];
  const scale = `${String(rounds)} rounds of ${count.toLocaleString('en')} ${counted} to each server, over ${String(connections)} connections`;
  return `## ${title}

${[scale, ...method].map((line) => `- ${line}`).join('\n')}

${renderTable(titles, `--rrrr${'r'.repeat(yardsticks.length)}`, rows)}`;
}

function middles(own: readonly Sample[]): readonly string[] {
  const middle = (figure: keyof Sample) => median(own.map((sample) => sample[figure]));
  return [
    Math.round(middle('perSecond')).toLocaleString('en'),
    middle('p50Milliseconds').toFixed(1),
    middle('p99Milliseconds').toFixed(1),
    middle('cpuMicroseconds').toFixed(0),
  ];
}

function renderReplayCache(row: ReplayCacheRow): string {
  const table = renderTable(['figure', 'measured'], '-r', [
    ['live entries', row.liveEntries.toLocaleString('en')],
    ['octets an entry', row.bytesPerEntry.toFixed(1)],
    ['first use, growing, ns', row.nanosecondsPerClaim.toFixed(0)],
    ['first use, as old ones expire, ns', row.nanosecondsPerClaimInSteadyState.toFixed(0)],
    ['second use, ns', row.nanosecondsPerReplay.toFixed(0)],
    ['longest claim, in the median run, ms', row.longestClaimMilliseconds.toFixed(2)],
  ]);
  return `## Replay cache\n\n${table}`;
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  return renderTable(
    ['what', 'budget', 'measured', ''],
    '-rr-',
    verdicts.map(({ what, budget, measured, met }) => [what, budget, measured, met ? '✓' : '✗']),
  );
}
