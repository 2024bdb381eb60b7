import type { Samples } from './measure-group.js';
import { median } from './median.js';

/** The median over the rounds: the two were measured within seconds of one another in each. */
export function ratioOf(samples: Samples, name: string, against: string): number {
  const others = samples.get(against) ?? [];
  const ratios = (samples.get(name) ?? []).map(
    ({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? NaN),
  );
  return median(ratios);
}
