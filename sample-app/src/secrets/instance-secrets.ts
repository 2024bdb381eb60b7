import { isDurable } from '../settings/storage-setting.js';
import type { Settings } from '../settings/settings.js';
import { stateFolder } from '../storage/state-folder.js';
import { freshSecret } from './fresh-secret.js';
import { secretInFile } from './secret-in-file.js';

/**
 * What keys at rest are encrypted under, and nonces are made from: `KEYBOUND_SECRET`.
 *
 * Without it, development has one of its own, as durable as its storage; production does not start.
 *
 * @returns At least one; the first one serves, the others are understood.
 * @throws ConfigurationError for a file that holds no secret.
 */
export async function instanceSecrets({
  secrets,
  storage,
}: Pick<Settings, 'secrets' | 'storage'>): Promise<readonly string[]> {
  if (secrets.length > 0) return secrets;
  return [isDurable(storage) ? await secretInFile(`${stateFolder}/secret`) : freshSecret()];
}
