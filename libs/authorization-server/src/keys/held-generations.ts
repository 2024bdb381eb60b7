import {
  signerFromJwk,
  type Seconds,
  type SignatureAlgorithmName,
  type Signer,
} from '@keybound/core';
import { retiredAt } from './due-generations.js';
import { signingAt, type Generation, type GenerationKey } from './generation.js';
import type { RotationTerms } from './key-rotation.js';
import { publishedKeyOf, type PublishedKey } from './published-key.js';
import { PublishedKeys } from './published-keys.js';
import type { CurrentKey } from './signing-keys.js';

/** What signs, and what is shown, from one moment until another. */
interface KeyPhase {
  readonly from: number;
  readonly until: number;
  /** Ready to be handed out: asking for the current key is on the way of every token. */
  readonly signing: ReadonlyMap<SignatureAlgorithmName, Promise<CurrentKey>>;
  readonly published: PublishedKeys;
}

interface HeldKey extends PublishedKey {
  readonly signer: Signer;
}

interface HeldGeneration {
  readonly signsFrom: Seconds;
  /** From when on it is not published any more. */
  readonly retiredAt: Seconds;
  readonly keys: readonly HeldKey[];
}

/**
 * The generations of a ring as one instance holds them, ready to sign. What they do follows from the
 * time alone: instances that hold the same ring agree without asking anybody.
 */
export class HeldGenerations {
  #phase: KeyPhase | undefined;

  constructor(readonly generations: readonly HeldGeneration[]) {}

  at(now: Seconds): KeyPhase {
    const phase = this.#phase;
    if (phase !== undefined && phase.from <= now && now < phase.until) return phase;
    return (this.#phase = this.#phaseAt(now));
  }

  #phaseAt(now: Seconds): KeyPhase {
    const changes = this.generations.flatMap((each) => [each.signsFrom, each.retiredAt]);
    const shown = this.generations.filter((each) => now < each.retiredAt);
    const at = signingAt(shown, now);
    const keys = [shown.slice(at), shown.slice(0, at)].flat().flatMap((each) => each.keys);
    return {
      from: Math.max(...changes.filter((moment) => moment <= now)),
      until: Math.min(...changes.filter((moment) => moment > now)),
      signing: new Map(shown[at]?.keys.map((key) => [key.signer.algorithm, currentKey(key)])),
      published: new PublishedKeys(keys),
    };
  }
}

/** @throws ConfigurationError for a key that is weak or malformed. */
export async function holdGenerations(
  generations: readonly Generation[],
  terms: RotationTerms,
): Promise<HeldGenerations> {
  const held = generations.map(async ({ signsFrom, keys }, at) => ({
    signsFrom,
    retiredAt: retiredAt(generations, at, terms),
    keys: await Promise.all(keys.map(heldKeyOf)),
  }));
  return new HeldGenerations(await Promise.all(held));
}

function currentKey({ kid, signer }: HeldKey): Promise<CurrentKey> {
  return Promise.resolve({ kid, signer });
}

async function heldKeyOf({ algorithm, privateJwk }: GenerationKey): Promise<HeldKey> {
  const signer = await signerFromJwk(privateJwk, algorithm);
  return { ...(await publishedKeyOf(signer)), signer };
}
