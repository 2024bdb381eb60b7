import { ConfigurationError } from '@keybound/core';
import { link, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../keys/has-code.js';

const forOthers = 0o077;
/** Files and folders have other rights on Windows, and folders cannot be synced. */
const isWindows = process.platform === 'win32';

/** Whether others than its owner may do anything with a file or a folder. Never so on Windows. */
export function isOpenToOthers({ mode }: { readonly mode: number }): boolean {
  return !isWindows && (mode & forOthers) !== 0;
}

/**
 * What stands in a file that its owner alone can open, made where there is none. Of several processes
 * that start at once one makes it, and all read the same; once it is read, it survives a machine that
 * fails.
 *
 * @param make The text of a file that is not there.
 * @returns Nothing for a link to where nothing is.
 * @throws ConfigurationError for a file that others can open, or that cannot be made.
 */
export async function privateFile(file: string, make: () => Promise<string>): Promise<string> {
  const found = await textOf(file);
  if (found !== undefined) return found;
  try {
    await create(file, await make());
  } catch (cause) {
    if (!isOfSystem(cause)) throw cause;
    throw new ConfigurationError(`${file} cannot be made.`, { cause });
  }
  return (await textOf(file)) ?? '';
}

/** A draft becomes the file in one step, complete: nobody can read half of it. */
async function create(file: string, text: string): Promise<void> {
  const draft = `${file}.${crypto.randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await rm(draft);
  }
  await syncFolder(dirname(file));
}

async function syncFolder(path: string): Promise<void> {
  if (isWindows) return;
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function textOf(file: string): Promise<string | undefined> {
  const handle = await openedIfThere(file);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new ConfigurationError(`${file} is no file; move it away.`);
    if (isOpenToOthers(stats)) {
      throw new ConfigurationError(`Others can open ${file}, which holds secrets; chmod 600 it.`);
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function openedIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isOfSystem(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
