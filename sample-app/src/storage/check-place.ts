import { ConfigurationError } from '@keybound/core';
import { statSync } from 'node:fs';
import { isDurable } from '../settings/storage-setting.js';
import type { Settings } from '../settings/settings.js';

/**
 * Looks at what `STORAGE` names, before anything is made.
 *
 * @throws ConfigurationError for a folder, and for whatever else is there and no file.
 */
export function checkPlace({ storage }: Pick<Settings, 'storage'>): void {
  if (storage.kind !== 'sqlite' || !isDurable(storage)) return;
  const { file } = storage;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new ConfigurationError(`STORAGE: ${file} is no file; name one, which may be new.`);
}
