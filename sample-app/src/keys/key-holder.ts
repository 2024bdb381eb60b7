import { ConfigurationError } from '@keybound/core';
import { freshKeys, keysInFile } from './keys-in-file.js';
import { serveKeys } from './serve-keys.js';

// A process of its own that holds the keys, so that whoever takes over the server does not have them.
// An HSM or a KMS takes its place by another file like held-elsewhere.ts.

const algorithms = ['ES256', 'RS256'] as const;

/** @param file Where the keys are kept; without it they end with this process. */
async function hold(socketPath: string | undefined, file: string | undefined): Promise<void> {
  if (socketPath === undefined) {
    throw new ConfigurationError('usage: key-holder SOCKET [FILE], paths both');
  }
  const keys =
    file === undefined ? await freshKeys(algorithms) : await keysInFile(file, algorithms);
  const served = await serveKeys(keys, socketPath);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void served.close());
  }
  const held = keys.map(({ algorithm }) => algorithm).join(' and ');
  console.log(`Keys for ${held} are held at ${socketPath}.`);
}

try {
  await hold(process.argv[2], process.argv[3]);
} catch (error) {
  if (!isForOperator(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Also what the system says of a path, such as a folder that is not there. */
function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigurationError || (error instanceof Error && 'syscall' in error);
}
