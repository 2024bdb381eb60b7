// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- how long it takes is what is tested
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Starts one. @returns How many milliseconds ago that was, each time it is asked. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

/** Does something in this process. @returns The longest time for which nothing else could run. */
export async function longestHold(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}
