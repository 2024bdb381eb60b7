import { seconds, type Seconds, type SignatureAlgorithmName } from '@keybound/core';
import { generateKeys, signingAt, type Generation } from './generation.js';
import type { RotationTerms } from './key-rotation.js';

/** How wrong a clock may be that decides which keys are of no use any more. */
const clockErrorSeconds = 3_600;

/**
 * What the ring should hold by now: there is always a next generation, so that it is known long before
 * it signs, and every generation that signs, or will, has a key for each algorithm. AS-207.
 *
 * @returns The same list where it is right as it is.
 */
export async function dueGenerations(
  generations: readonly Generation[],
  now: Seconds,
  terms: RotationTerms,
): Promise<readonly Generation[]> {
  const hasNext = generations.some(({ signsFrom }) => signsFrom > now);
  const current = signingAt(generations, now);
  const isComplete = generations.slice(current).every((each) => missing(each, terms).length === 0);
  if (hasNext && isComplete) return generations;
  const moments = [
    ...(generations.length === 0 ? [now] : []),
    ...(hasNext ? [] : [seconds(now + terms.rotateEverySeconds)]),
  ];
  const [kept, added] = await Promise.all([
    Promise.all(
      generations.map((each, at) => completed(each, at < current ? [] : missing(each, terms))),
    ),
    Promise.all(moments.map((signsFrom) => generate(now, signsFrom, terms))),
  ]);
  return [...kept.filter((_, at) => now < droppedAt(kept, at, terms)), ...added];
}

/**
 * The next generation made the current one. AS-207, THR-64.
 *
 * @returns Undefined while there are verifiers that cannot know it yet: it has been published for less
 *   than they may keep the set that they have, which an instance may have shown until it learnt of it.
 */
export function promoted(
  generations: readonly Generation[],
  now: Seconds,
  { publishAheadSeconds, refreshSeconds }: RotationTerms,
): readonly Generation[] | undefined {
  const at = generations.findIndex(({ signsFrom }) => signsFrom > now);
  const next = generations[at];
  if (next === undefined || now < next.publishedAt + publishAheadSeconds + refreshSeconds) {
    return undefined;
  }
  return generations.map((each) => (each === next ? { ...next, signsFrom: now } : each));
}

/**
 * When a generation is not published any more: after whatever it signed. For as long as an instance may
 * not know that another generation was promoted, it goes on signing with the old one.
 */
export function retiredAt(
  generations: readonly Pick<Generation, 'signsFrom'>[],
  at: number,
  { retireAfterSeconds, refreshSeconds }: RotationTerms,
): Seconds {
  const { signsFrom = Infinity } = generations[at + 1] ?? {};
  return seconds(signsFrom + retireAfterSeconds + refreshSeconds);
}

/** How many a ring holds at most that nobody rotates but the clock. */
export function mostGenerations(terms: RotationTerms): number {
  const { rotateEverySeconds } = terms;
  const first = { signsFrom: seconds(-Infinity) };
  const next = { signsFrom: seconds(0) };
  const replaced = Math.ceil(droppedAt([first, next], 0, terms) / rotateEverySeconds);
  return replaced + 2; // the one that signs, and the next
}

/** Later than it is published: other instances judge by clocks of their own. */
function droppedAt(
  generations: readonly Pick<Generation, 'signsFrom'>[],
  at: number,
  terms: RotationTerms,
): Seconds {
  const margin = Math.min(clockErrorSeconds, terms.rotateEverySeconds);
  return seconds(retiredAt(generations, at, terms) + margin);
}

async function generate(
  publishedAt: Seconds,
  signsFrom: Seconds,
  { algorithms }: RotationTerms,
): Promise<Generation> {
  return { publishedAt, signsFrom, keys: await generateKeys(algorithms) };
}

/** A new algorithm signs at once: whoever keeps the old set asks again for a key that is not in it. */
async function completed(
  generation: Generation,
  algorithms: readonly SignatureAlgorithmName[],
): Promise<Generation> {
  return { ...generation, keys: [...generation.keys, ...(await generateKeys(algorithms))] };
}

function missing({ keys }: Generation, { algorithms }: RotationTerms) {
  return algorithms.filter((name) => !keys.some(({ algorithm }) => algorithm === name));
}
