import { ConfigurationError } from '@keybound/core';
import { holdKeys } from './hold-keys.js';

// A process of its own that holds the keys, so that whoever takes over the server does not have them.
// An HSM or a KMS takes its place by another file like held-elsewhere.ts.

/** @param file Where the keys are kept; without it they end with this process. */
async function hold(socketPath: string | undefined, file: string | undefined): Promise<void> {
  if (socketPath === undefined) {
    throw new ConfigurationError('usage: key-holder SOCKET [FILE], paths both');
  }
  const held = await holdKeys(socketPath, file);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void held.close());
  console.log(`Keys for ${held.algorithms.join(' and ')} are held at ${socketPath}.`);
}

try {
  await hold(process.argv[2], process.argv[3]);
} catch (error) {
  if (!isForOperator(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Also what the system says of a path, such as one that this account may not write to. */
function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigurationError || (error instanceof Error && 'syscall' in error);
}
