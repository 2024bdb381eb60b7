import { askChild } from '../ask-child.js';
import type { Services } from '../stores/services.js';
import { isAvailable } from '../stores/store-kind.js';
import { StorePlaces } from '../stores/store-places.js';
import { GrownStoreProcess } from './grown-store-process.js';
import { operations } from './operations.js';
import type { Timing } from './time-operation.js';

export interface GrowthEffort {
  /** In grants, from the smallest to the largest. */
  readonly sizes: readonly number[];
  readonly rounds: number;
}

/** One store, and one process for each of its sizes. */
export interface GrowthSeries {
  readonly store: string;
  readonly effort: GrowthEffort;
  /** In octets, of each size. */
  readonly memory: readonly number[];
  /** By operation, of each size, one for each round. */
  readonly timings: ReadonlyMap<string, readonly (readonly Timing[])[]>;
}

interface Running {
  readonly process: GrownStoreProcess;
  readonly timings: ReadonlyMap<string, Timing[]>;
}

const growing = [
  { store: 'SQLite', kind: 'sqlite' },
  { store: 'PostgreSQL', kind: 'postgres' },
] as const;

/** Whatever of it is there, one after the other. */
export async function measureGrowth(
  effort: GrowthEffort,
  services: Services,
): Promise<readonly GrowthSeries[]> {
  const measured: GrowthSeries[] = [];
  for (const { store, kind } of growing) {
    if (!isAvailable(kind, services)) continue;
    const places = new StorePlaces(services);
    const running: Running[] = [];
    try {
      for (const size of effort.sizes) {
        const place = await places.make(kind);
        await askChild('growth/fill-child', [JSON.stringify({ place, size })]);
        const timings = new Map(operations.map(({ name }) => [name, [] as Timing[]]));
        running.push({ process: await GrownStoreProcess.open(place, size), timings });
      }
      measured.push({ store, effort, ...(await measureSizes(running, effort.rounds)) });
    } finally {
      await Promise.all(running.map(({ process }) => process.stop()));
      await places.remove();
    }
  }
  return measured;
}

/**
 * Asks all sizes by turns, every other round in reverse, so that what changes on the machine meets all of
 * them. A first round warms up and does not count.
 */
async function measureSizes(
  running: readonly Running[],
  rounds: number,
): Promise<Pick<GrowthSeries, 'memory' | 'timings'>> {
  for (let round = 0; round <= rounds; round++) {
    for (const { name } of operations) {
      for (const { process, timings } of round % 2 === 0 ? running : running.toReversed()) {
        const timing = await process.time(name);
        if (round > 0) timings.get(name)?.push(timing);
      }
    }
    for (const { process } of running) await process.tend();
  }
  const memory: number[] = [];
  for (const { process } of running) memory.push(await process.memory());
  return {
    memory,
    timings: new Map(
      operations.map(({ name }) => [name, running.map(({ timings }) => timings.get(name) ?? [])]),
    ),
  };
}
