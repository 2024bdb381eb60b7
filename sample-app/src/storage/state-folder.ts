import { ConfigurationError } from '@keybound/core';
import { mkdir, stat } from 'node:fs/promises';
import { isOpenToOthers } from '../secrets/private-file.js';
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
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ConfigurationError(`The folder ${path} cannot be made.`, { cause });
  }
}

/** The same for one that nobody else may enter, whoever made it. */
export async function ownFolder(path: string): Promise<void> {
  await makeFolder(path);
  if (isOpenToOthers(await stat(path))) {
    throw new ConfigurationError(
      `Others may enter the folder ${path}, which holds secrets; chmod 700 it.`,
    );
  }
}
