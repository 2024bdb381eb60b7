import { freshKeys, keysInFile } from './keys-in-file.js';
import { requireFolderOf } from './listen-privately.js';
import { serveKeys, type ServedKeys } from './serve-keys.js';

const algorithms = ['ES256', 'RS256'] as const;

/**
 * Serves the keys of a file, made where there is none.
 *
 * @param file Without it the keys end with this process.
 * @throws ConfigurationError for a file or a socket that cannot be, before any key is made where that can
 *   be seen.
 */
export async function holdKeys(socketPath: string, file: string | undefined): Promise<ServedKeys> {
  requireFolderOf(socketPath);
  const keys =
    file === undefined ? await freshKeys(algorithms) : await keysInFile(file, algorithms);
  return serveKeys(keys, socketPath);
}
