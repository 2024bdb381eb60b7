import type { ContenderName } from './contenders.js';
import type { ImportCost } from './import-cost.js';
import type { Samples } from './measure-contenders.js';
import { median } from './median.js';
import type { ReplayCacheRow } from './replay-cache.js';

export interface Figures {
  readonly samples: Samples;
  readonly replayCache: ReplayCacheRow;
  readonly importCosts: readonly ImportCost[];
}

/** One budget, and what came out. */
export interface Verdict {
  readonly what: string;
  readonly budget: string;
  readonly measured: string;
  readonly met: boolean;
}

const ratioBudgets = [
  ['nest-fastify', 'express-oauth2-jwt-bearer', 2.5],
  ['nest-fastify', 'oauth4webapi', 3],
  ['nest-fastify', 'bare', 0.7],
  ['nest-express', 'express-oauth2-jwt-bearer', 1.5],
  ['nest-express', 'oauth4webapi', 2],
  ['nest-fastify, signed request', 'nest-fastify', 0.8],
] as const satisfies readonly (readonly [ContenderName, ContenderName, number])[];

const maxBytesPerEntry = 64;
const maxPauseMilliseconds = 5;
const maxImportMilliseconds = 300;

export function checkBudgets({ samples, replayCache, importCosts }: Figures): readonly Verdict[] {
  const { bytesPerEntry, longestClaimMilliseconds, liveEntries } = replayCache;
  const atEntries = `replay cache, ${liveEntries.toLocaleString('en')} entries`;
  return [
    ...ratioBudgets.map(([name, against, least]) => {
      const ratio = ratioOf(samples, name, against);
      return {
        what: `${name} : ${against}`,
        budget: `≥ ${least.toFixed(2)}×`,
        measured: `${ratio.toFixed(2)}×`,
        met: ratio >= least,
      };
    }),
    atMost(`${atEntries}, octets an entry`, maxBytesPerEntry, '', bytesPerEntry),
    atMost(`${atEntries}, longest claim`, maxPauseMilliseconds, ' ms', longestClaimMilliseconds),
    ...importCosts.map(({ entry, milliseconds }) =>
      atMost(`import of ${entry} over bare Nest`, maxImportMilliseconds, ' ms', milliseconds),
    ),
  ];
}

/** The median over the rounds: the two were measured within seconds of one another in each. */
function ratioOf(samples: Samples, name: ContenderName, against: ContenderName): number {
  const others = samples.get(against) ?? [];
  const ratios = (samples.get(name) ?? []).map(
    ({ requestsPerSecond }, round) => requestsPerSecond / (others[round]?.requestsPerSecond ?? NaN),
  );
  return median(ratios);
}

function atMost(what: string, most: number, unit: string, measured: number): Verdict {
  return {
    what,
    budget: `≤ ${String(most)}${unit}`,
    measured: `${measured.toFixed(1)}${unit}`,
    met: measured <= most,
  };
}
