import { ConfigurationError } from '@keybound/core';
import { mkdir } from 'node:fs/promises';
import type { StorageSetting } from '../settings/storage-setting.js';

/** What the app keeps on this machine where nothing else is said; from the working directory on. */
export const stateFolder = '.keybound';

/** Where `STORAGE` is unset. */
export const defaultStorage: StorageSetting = {
  kind: 'sqlite',
  file: `${stateFolder}/keybound.sqlite`,
};

/**
 * Makes a folder that its owner alone may enter, unless it is there.
 *
 * @throws ConfigurationError where that is not possible.
 */
export async function ownFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ConfigurationError(`The folder ${path} cannot be made.`, { cause });
  }
}
