import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InMemoryReplayStore, seconds, type Seconds, type Spend } from '@keybound/core';
import { median } from './median.js';

/** What the in-memory replay store costs. Budgets: 64 octets an entry, no pause over 5 ms. */
export interface ReplayCacheRow {
  readonly liveEntries: number;
  /** Growth of heap and array buffers; only exact under `node --expose-gc`. */
  readonly bytesPerEntry: number;
  /** Of a first use: mean over growing from empty to `liveEntries`. */
  readonly nanosecondsPerClaim: number;
  /** Of a first use: mean while as many old entries expire as new ones come. */
  readonly nanosecondsPerClaimInSteadyState: number;
  /** Of a second use, in the full store. */
  readonly nanosecondsPerReplay: number;
  /** The median of each run's longest. */
  readonly longestClaimMilliseconds: number;
}

/** A spend whose list is used again, so that the measurement itself leaves little to collect. */
type Reused = [Omit<Spend, 'until'> & { until: Seconds }];

interface Timing {
  readonly nanoseconds: number;
  /** Of one claim, as far as this process was busy with it: others have the processor, too. */
  readonly longestMilliseconds: number;
}

interface Run {
  readonly bytesPerEntry: number;
  readonly growth: Timing;
  readonly replays: Timing;
  readonly steady: Timing;
}

const liveEntries = 1_000_000;
const runs = 5;
const batch = 10_000;
/** Claims after which the processor time is read: too seldom to be seen in the figures. */
const stretch = 100;
const lifetimeSeconds = liveEntries / batch;
const start = 1_800_000_000;

/**
 * Fills a store with 1,000,000 live entries, replays some of them, and goes on for another lifetime;
 * the best of five runs, or their median, after one that lets the compiler warm up. Alone: `node --expose-gc bench/dist/replay-cache.js`.
 */
export async function measureReplayCache(): Promise<ReplayCacheRow> {
  await measureOnce();
  const measured: Run[] = [];
  for (let run = 0; run < runs; run++) measured.push(await measureOnce());
  const best = (phase: 'growth' | 'replays' | 'steady') =>
    Math.min(...measured.map((run) => run[phase].nanoseconds));
  return {
    liveEntries,
    bytesPerEntry: Math.max(...measured.map((run) => run.bytesPerEntry)),
    nanosecondsPerClaim: best('growth'),
    nanosecondsPerClaimInSteadyState: best('steady'),
    nanosecondsPerReplay: best('replays'),
    longestClaimMilliseconds: median(measured.map(longestOf)),
  };
}

function longestOf({ growth, steady }: Run): number {
  return Math.max(growth.longestMilliseconds, steady.longestMilliseconds);
}

async function measureOnce(): Promise<Run> {
  const lists = Array.from({ length: batch }, (): Reused => [
    { digest: new Uint8Array(32), since: seconds(0), until: seconds(0), kind: 'bench' },
  ]);
  const before = await memoryInUse();
  const store = new InMemoryReplayStore({ maxEntries: 2 * liveEntries });
  const growth = await claimLifetime(store, 0, lists);
  const bytesPerEntry = Math.round(((await memoryInUse()) - before) / (liveEntries / 10)) / 10;
  const replays = await claimBatch(store, seconds(start + lifetimeSeconds - 1), lists, false);
  const steady = await claimLifetime(store, liveEntries, lists);
  return { bytesPerEntry, growth, replays, steady };
}

/** Claims `liveEntries` new things; with each batch the clock moves on by a second. */
async function claimLifetime(
  store: InMemoryReplayStore,
  first: number,
  lists: readonly Reused[],
): Promise<Timing> {
  let sum = 0;
  let longestMilliseconds = 0;
  for (let from = first; from < first + liveEntries; from += batch) {
    const now = seconds(start + from / batch);
    lists.forEach(([spend], index) => {
      rename(spend.digest, from + index);
      spend.until = seconds(now + lifetimeSeconds);
    });
    const timing = await claimBatch(store, now, lists, true);
    sum += timing.nanoseconds;
    longestMilliseconds = Math.max(longestMilliseconds, timing.longestMilliseconds);
  }
  return { nanoseconds: Math.round((sum * batch) / liveEntries), longestMilliseconds };
}

async function claimBatch(
  store: InMemoryReplayStore,
  now: Seconds,
  lists: readonly Reused[],
  expected: boolean,
): Promise<Timing> {
  await setImmediate();
  let longestMilliseconds = 0;
  const began = performance.now();
  let previous = began;
  for (let from = 0; from < batch; from += stretch) {
    const before = process.cpuUsage();
    let longest = 0;
    for (const list of lists.slice(from, from + stretch)) {
      const outcome = await store.claim(list, now);
      if (outcome.claimed !== expected) throw new Error('The store gave the wrong answer.');
      const done = performance.now();
      longest = Math.max(longest, done - previous);
      previous = done;
    }
    const { user, system } = process.cpuUsage(before);
    const busy = (user + system) / 1_000;
    longestMilliseconds = Math.max(longestMilliseconds, Math.min(longest, busy));
  }
  return {
    nanoseconds: Math.round(((previous - began) * 1e6) / batch),
    longestMilliseconds,
  };
}

/** Stands in for a SHA-256 digest; the store mixes it under its own seed in any case. */
function rename(digest: Uint8Array, index: number): void {
  const words = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  for (let word = 0; word < 8; word++) {
    words.setUint32(word * 4, Math.imul(index + 1, 0x9e37_79b1 + 2 * word));
  }
}

async function memoryInUse(): Promise<number> {
  for (let collection = 0; collection < 3; collection++) {
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureReplayCache());
