import {
  ConfigurationError,
  generatePrivateJwk,
  signatureAlgorithmNames,
  type PrivateJwk,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { z } from 'zod';
import { privateFile } from '../secrets/private-file.js';

export interface WrittenKey {
  readonly algorithm: SignatureAlgorithmName;
  readonly privateJwk: PrivateJwk;
}

const written = z
  .array(
    z.strictObject({
      algorithm: z.enum(signatureAlgorithmNames),
      privateJwk: z.record(z.string(), z.string()),
    }),
  )
  .min(1);

/** New keys, one for each algorithm. */
export function freshKeys(
  algorithms: readonly SignatureAlgorithmName[],
): Promise<readonly WrittenKey[]> {
  return Promise.all(
    algorithms.map(async (algorithm) => ({
      algorithm,
      privateJwk: await generatePrivateJwk(algorithm),
    })),
  );
}

/**
 * The keys in a file that its owner alone can read, made where there is none.
 *
 * @throws ConfigurationError for a file that others can open, that holds no keys, or that cannot be made.
 */
export async function keysInFile(
  file: string,
  algorithms: readonly SignatureAlgorithmName[],
): Promise<readonly WrittenKey[]> {
  const text = await privateFile(file, async () => JSON.stringify(await freshKeys(algorithms)));
  const keys = written.safeParse(jsonIn(text));
  if (keys.success) return keys.data;
  throw new ConfigurationError(`${file} holds no keys; move it away, and new ones are made.`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what it would say of the text may be a piece of a key
  }
}
