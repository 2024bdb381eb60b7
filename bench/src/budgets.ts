import type { AuthorizationContenderName } from './authorization/contenders.js';
import type { ResourceContenderName } from './contenders.js';
import { groups, type GroupName } from './groups.js';
import type { ImportCost } from './import-cost.js';
import type { Samples } from './measure-group.js';
import { checkGrowth } from './growth/check-growth.js';
import type { GrownStoreName } from './growth/grown-code-flow.js';
import type { GrowthSeries } from './growth/measure-growth.js';
import { ratioOf } from './ratio-of.js';
import type { ReplayCacheRow } from './replay-cache.js';
import type { Verdict } from './verdict.js';

/** What was measured: of everything, unless only some groups were asked for. */
export interface Figures {
  readonly samples: ReadonlyMap<GroupName, Samples>;
  /** By store. */
  readonly growth: readonly GrowthSeries[];
  readonly replayCache: ReplayCacheRow | undefined;
  readonly importCosts: readonly ImportCost[];
}

type RatioBudgets<Name extends string = string> = readonly (readonly [Name, Name, number])[];

const resourceBudgets: RatioBudgets<ResourceContenderName> = [
  ['nest-fastify', 'express-oauth2-jwt-bearer', 2.5],
  ['nest-fastify', 'oauth4webapi', 3],
  ['nest-fastify', 'bare', 0.7],
  ['nest-express', 'express-oauth2-jwt-bearer', 1.5],
  ['nest-express', 'oauth4webapi', 2],
  ['nest-fastify, signed request', 'nest-fastify', 0.8],
];

const tokenBudgets: RatioBudgets<AuthorizationContenderName> = [
  ['nest-fastify', 'oidc-provider', 2.5],
];

const flowBudgets: RatioBudgets<AuthorizationContenderName> = [
  ['nest-fastify', 'oidc-provider', 2],
];

/** Flat within 1.5×. */
const leastOfGrown = 1 / 1.5;

const grownBudgets: RatioBudgets<GrownStoreName> = [
  ['100000 grants', '100 grants', leastOfGrown],
  ['1000000 grants', '100 grants', leastOfGrown],
];

const ratioBudgets: Readonly<Record<GroupName, RatioBudgets>> = {
  'protected-get': resourceBudgets,
  'token-endpoint': tokenBudgets,
  'code-flow': flowBudgets,
  'grown-sqlite': grownBudgets,
  'grown-postgres': grownBudgets,
};

const maxBytesPerEntry = 64;
const maxPauseMilliseconds = 5;
const maxImportMilliseconds = 300;

export function checkBudgets({
  samples,
  growth,
  replayCache,
  importCosts,
}: Figures): readonly Verdict[] {
  return [
    ...[...samples].flatMap(([group, measured]) => checkRatios(group, measured)),
    ...growth.flatMap(checkGrowth),
    ...(replayCache === undefined ? [] : checkReplayCache(replayCache)),
    ...importCosts.map(({ entry, milliseconds }) =>
      atMost(`import of ${entry} over bare Nest`, maxImportMilliseconds, ' ms', milliseconds),
    ),
  ];
}

function checkRatios(group: GroupName, samples: Samples): readonly Verdict[] {
  const measured = ratioBudgets[group].filter(([name]) => samples.has(name));
  return measured.map(([name, against, least]) => {
    const ratio = ratioOf(samples, name, against);
    return {
      what: `${groups[group].title}, ${name} : ${against}`,
      budget: `≥ ${least.toFixed(2)}×`,
      measured: `${ratio.toFixed(2)}×`,
      met: ratio >= least,
    };
  });
}

function checkReplayCache(row: ReplayCacheRow): readonly Verdict[] {
  const atEntries = `replay cache, ${row.liveEntries.toLocaleString('en')} entries`;
  return [
    atMost(`${atEntries}, octets an entry`, maxBytesPerEntry, '', row.bytesPerEntry),
    atMost(
      `${atEntries}, longest claim`,
      maxPauseMilliseconds,
      ' ms',
      row.longestClaimMilliseconds,
    ),
  ];
}

function atMost(what: string, most: number, unit: string, measured: number): Verdict {
  return {
    what,
    budget: `≤ ${String(most)}${unit}`,
    measured: `${measured.toFixed(1)}${unit}`,
    met: measured <= most,
  };
}
