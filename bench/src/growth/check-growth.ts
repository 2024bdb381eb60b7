import { median } from '../median.js';
import type { Verdict } from '../verdict.js';
import type { GrowthSeries } from './measure-growth.js';
import type { Timing } from './time-operation.js';

const mostSlowing = 1.5;

export function checkGrowth({ store, effort: { sizes }, timings }: GrowthSeries): Verdict[] {
  const [least, most] = [sizes.at(0), sizes.at(-1)].map((size) => size?.toLocaleString('en'));
  return [...timings].map(([operation, bySize]) => {
    const slowing = slowingOf(bySize);
    return {
      what: `${store}, ${operation}: time at ${most} grants : at ${least}`,
      budget: `≤ ${mostSlowing.toFixed(2)}×`,
      measured: `${slowing.toFixed(2)}×`,
      met: slowing <= mostSlowing,
    };
  });
}

/**
 * How much longer one takes at the largest size than at the smallest: the median over the rounds. By the
 * median one of each, since what a database puts off, and does at last, meets few.
 */
export function slowingOf(bySize: readonly (readonly Timing[])[]): number {
  const [smallest = [], largest = []] = [bySize.at(0), bySize.at(-1)];
  return median(
    largest.map(
      ({ p50Milliseconds }, round) => p50Milliseconds / (smallest[round]?.p50Milliseconds ?? NaN),
    ),
  );
}
