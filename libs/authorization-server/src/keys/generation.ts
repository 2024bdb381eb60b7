import {
  generatePrivateJwk,
  seconds,
  signatureAlgorithmNames,
  signatureAlgorithms,
  type PrivateJwk,
  type Seconds,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { z } from 'zod';

const moment = z.number().transform(seconds);

const generation = z.strictObject({
  publishedAt: moment,
  /** Infinity, until somebody says when; JSON writes it as null. */
  signsFrom: z.union([moment, z.null().transform(() => seconds(Infinity))]),
  keys: z.array(
    z.strictObject({
      algorithm: z.enum(signatureAlgorithmNames),
      privateJwk: z.record(z.string(), z.string()),
    }),
  ),
});

/** What the ring of signing keys holds: its generations, in the order in which they sign. */
export const generationsSchema = z.array(generation).min(1);

/** Keys that sign from the same moment on, until those of the next generation do; one an algorithm. */
export interface Generation {
  readonly publishedAt: Seconds;
  readonly signsFrom: Seconds;
  readonly keys: readonly GenerationKey[];
}

export interface GenerationKey {
  readonly algorithm: SignatureAlgorithmName;
  readonly privateJwk: PrivateJwk;
}

export function generateKeys(
  algorithms: readonly SignatureAlgorithmName[],
): Promise<readonly GenerationKey[]> {
  return Promise.all(
    algorithms.map(async (algorithm) => ({
      algorithm,
      privateJwk: await generatePrivateJwk(algorithm),
    })),
  );
}

/** How long a generation's JSON may get, in characters. */
export function longestGeneration(algorithms: readonly SignatureAlgorithmName[]): number {
  const momentsLength = 100;
  // Of 2,048 bits; of any curve.
  const lengths = algorithms.map((name) => (signatureAlgorithms[name].kty === 'RSA' ? 1_700 : 400));
  return lengths.reduce((sum, length) => sum + length, momentsLength);
}

/** Which one signs: the last whose time has come, or the first where no time has. */
export function signingAt(
  generations: readonly Pick<Generation, 'signsFrom'>[],
  now: Seconds,
): number {
  const later = generations.findIndex(({ signsFrom }) => signsFrom > now);
  return Math.max(0, (later === -1 ? generations.length : later) - 1);
}
