import { ConfigurationError } from '@keybound/core';
import { dirname } from 'node:path';
import { ownFolder } from '../storage/state-folder.js';
import { freshSecret } from './fresh-secret.js';
import { isSecret } from './is-secret.js';
import { privateFile } from './private-file.js';

/**
 * The secret in a file that its owner alone can read, made where there is none. Of several processes
 * that start at once one makes it, and all read the same.
 *
 * @throws ConfigurationError for a file or a folder that others can open, and for a file that holds
 *   something else.
 */
export async function secretInFile(file: string): Promise<string> {
  await ownFolder(dirname(file));
  const secret = (await privateFile(file, async () => `${freshSecret()}\n`)).trim();
  if (isSecret(secret)) return secret;
  throw new ConfigurationError(
    `${file} holds no secret: it needs 32 random characters or more. Put back what was there, or set KEYBOUND_SECRET.`,
  );
}
