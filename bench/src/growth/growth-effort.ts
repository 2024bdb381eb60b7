import type { GrowthEffort } from './measure-growth.js';

/** @param large Up to a million grants, which takes many minutes. */
export function growthEffort(effort: 'full' | 'quick', large: boolean): GrowthEffort {
  const sizes = effort === 'quick' ? [100, 1_000, 10_000] : [100, 1_000, 10_000, 100_000];
  return { sizes: large ? [...sizes, 1_000_000] : sizes, rounds: effort === 'quick' ? 3 : 15 };
}
