import { median } from '../median.js';
import { renderTable } from '../render-table.js';
import { slowingOf } from './check-growth.js';
import type { GrowthSeries } from './measure-growth.js';
import type { Timing } from './time-operation.js';

/** A section with a table for each store. */
export function renderGrowth(series: readonly GrowthSeries[]): string {
  const [rounds] = series.map(({ effort }) => effort.rounds);
  return `## Growth

- For each grant: its redeemed code, two refresh tokens of one family, an access token, a spend and a revoked token; a user and a client for every ten
- A process for each size, one question at a time; ${rounds ?? 0} rounds, in which the sizes took turns
- How many in a second, and milliseconds of one in the median; how much longer that is at the most grants than at the fewest
- What a write needs is made, and what it leaves is dropped, while the clock stands

${series.map(renderSeries).join('\n\n')}`;
}

function renderSeries({ store, effort: { sizes }, memory, timings }: GrowthSeries): string {
  const titles = [store, ...sizes.map((size) => `${size.toLocaleString('en')} grants`), 'slower'];
  const rows = [...timings].map(([operation, bySize]) => [
    operation,
    ...bySize.map(renderTimings),
    `${slowingOf(bySize).toFixed(2)}×`,
  ]);
  const megabytes = memory.map((octets) => `${(octets / 1e6).toFixed(0)} MB`);
  const alignment = `-${'r'.repeat(sizes.length + 1)}`;
  return renderTable(titles, alignment, [...rows, ['memory of the process', ...megabytes, '']]);
}

function renderTimings(timings: readonly Timing[]): string {
  const middle = (figure: keyof Timing) => median(timings.map((timing) => timing[figure]));
  const perSecond = Math.round(middle('perSecond')).toLocaleString('en');
  return `${perSecond}/s, ${middle('p50Milliseconds').toFixed(3)}`;
}
