import {
  ConfigurationError,
  generatePrivateJwk,
  signatureAlgorithmNames,
  type PrivateJwk,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { hasCode } from './has-code.js';

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

const forOthers = 0o077;

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
 * @throws ConfigurationError for a file that others can read, or that holds no keys.
 */
export async function keysInFile(
  file: string,
  algorithms: readonly SignatureAlgorithmName[],
): Promise<readonly WrittenKey[]> {
  const mode = (await modeOf(file)) ?? (await make(file, algorithms));
  if ((mode & forOthers) !== 0) {
    throw new ConfigurationError(`Others can open ${file}, which holds keys; chmod 600 it.`);
  }
  const keys = written.safeParse(jsonIn(await readFile(file, 'utf8')));
  if (keys.success) return keys.data;
  throw new ConfigurationError(`${file} holds no keys; move it away, and new ones are made.`);
}

/** A draft becomes the file in one step, complete: nobody can read half of it. */
async function make(file: string, algorithms: readonly SignatureAlgorithmName[]): Promise<number> {
  const draft = `${file}.${crypto.randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(await freshKeys(algorithms)));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await rm(draft);
  }
  return (await stat(file)).mode;
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what it would say of the text may be a piece of a key
  }
}
