import { cpus } from 'node:os';
import { checkBudgets, type Figures, type Verdict } from './budgets.js';
import { contenders } from './contenders.js';
import type { Effort, Sample, Samples } from './measure-contenders.js';
import { median } from './median.js';
import type { ReplayCacheRow } from './replay-cache.js';

/** The whole report as Markdown. */
export function renderReport(figures: Figures, effort: Effort): string {
  return `# Benchmarks

Written by \`npm run bench -- --write\`. Only the ratios mean something elsewhere: all figures come from
one run, in which the servers took turns.

${describeRun(effort)}

## A protected GET

${renderContenders(figures.samples)}

## Replay cache

${renderReplayCache(figures.replayCache)}

## Budgets

A ratio is the median of the rounds' ratios of requests per second.

${renderVerdicts(checkBudgets(figures))}
`;
}

function describeRun({ rounds, requests, connections }: Effort): string {
  const processors = cpus();
  return [
    `- Node ${process.version}, ${process.platform} ${process.arch}, ${String(processors.length)} cores of ${processors[0]?.model ?? 'an unknown make'}`,
    `- ${String(rounds)} rounds of ${requests.toLocaleString('en')} requests to each server, ${String(connections)} connections kept alive; one process for each server, one for the load`,
    '- ES256 throughout; one access token and one client key; a fresh proof for each request, made before the clock runs; the issuer’s key is configured, so that nobody fetches',
    '- Figures are medians over the rounds; CPU is the time of all threads of the server',
  ].join('\n');
}

function renderContenders(samples: Samples): string {
  const rows = contenders.map(({ name, what }) => {
    const own = samples.get(name) ?? [];
    const middle = (figure: keyof Sample) => median(own.map((sample) => sample[figure]));
    return [
      name,
      what,
      Math.round(middle('requestsPerSecond')).toLocaleString('en'),
      middle('p50Milliseconds').toFixed(1),
      middle('p99Milliseconds').toFixed(1),
      middle('cpuMicrosecondsPerRequest').toFixed(0),
    ];
  });
  const titles = ['server', 'what it is', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request'];
  return renderTable(titles, '--rrrr', rows);
}

function renderReplayCache(row: ReplayCacheRow): string {
  return renderTable(['figure', 'measured'], '-r', [
    ['live entries', row.liveEntries.toLocaleString('en')],
    ['octets an entry', row.bytesPerEntry.toFixed(1)],
    ['first use, growing, ns', row.nanosecondsPerClaim.toFixed(0)],
    ['first use, as old ones expire, ns', row.nanosecondsPerClaimInSteadyState.toFixed(0)],
    ['second use, ns', row.nanosecondsPerReplay.toFixed(0)],
    ['longest claim, ms', row.longestClaimMilliseconds.toFixed(2)],
  ]);
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  return renderTable(
    ['what', 'budget', 'measured', ''],
    '-rr-',
    verdicts.map(({ what, budget, measured, met }) => [what, budget, measured, met ? '✓' : '✗']),
  );
}

/** @param alignment A letter for each column: `r` for figures. */
function renderTable(
  titles: readonly string[],
  alignment: string,
  rows: readonly (readonly string[])[],
): string {
  const rule = alignment.split('').map((letter) => (letter === 'r' ? '--:' : '---'));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
