import { ConfigurationError } from '@keybound/core';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../keys/has-code.js';
import { ownFolder } from '../storage/state-folder.js';
import { freshSecret } from './fresh-secret.js';

const forOthers = 0o077;

/**
 * The secret in a file that its owner alone can read, made where there is none. Of several processes
 * that start at once one makes it, and all read the same.
 *
 * @throws ConfigurationError for a file that others can open, or that holds something else.
 */
export async function secretInFile(file: string): Promise<string> {
  const secret = (await textOf(file)) ?? (await make(file));
  if (secret.length < 32) {
    throw new ConfigurationError(
      `${file} holds no secret: it needs 32 characters or more. Put back what was there, or set KEYBOUND_SECRET.`,
    );
  }
  if (await isOpenToOthers(file)) {
    throw new ConfigurationError(
      `Others can open ${file}, which holds a secret; chmod 600 it, or set KEYBOUND_SECRET.`,
    );
  }
  return secret;
}

/** A draft becomes the file in one step, complete: nobody can read half of it. */
async function make(file: string): Promise<string> {
  await ownFolder(dirname(file));
  const draft = `${file}.${crypto.randomUUID()}`;
  await writeFile(draft, `${freshSecret()}\n`, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return (await textOf(file)) ?? '';
}

/** Never so where files have no such mode: on Windows. */
async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return ((await stat(file)).mode & forOthers) !== 0;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
