import { Session } from 'node:inspector/promises';

/** Functions of `@keybound/core` in which the dear work of a check is done. */
const counted = ['verifyBytes', 'sha256Base64url', 'equalInConstantTime'] as const;

/** How often each was called. */
export type WorkDone = Record<(typeof counted)[number], number>;

/** Does something and counts the signature checks, hashes and comparisons in it, by V8's own counters. */
export async function workDone(work: () => Promise<unknown>): Promise<WorkDone> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result
      .filter(({ url }) => url.includes('/libs/core/'))
      .flatMap((script) => script.functions);
    const callsOf = (name: string) =>
      functions
        .filter(({ functionName }) => functionName === name)
        .reduce((calls, { ranges: [whole] }) => calls + (whole?.count ?? 0), 0);
    return Object.fromEntries(counted.map((name) => [name, callsOf(name)])) as WorkDone;
  } finally {
    session.disconnect();
  }
}
