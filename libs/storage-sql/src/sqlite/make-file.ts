import { ConfigurationError } from '@keybound/core';
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the file, for its owner alone, where there is none. One that is there is not opened here:
 * whoever closes a file gives up all locks that his process holds on it, those of SQLite too.
 *
 * @throws ConfigurationError where there can be none, or it may not be written to.
 */
export function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw notUsable(file, error);
  }
  try {
    if (!statSync(file).isFile()) throw new ConfigurationError(`openSqlite: ${file} is no file.`);
    // Beside it, SQLite keeps what it is about to write.
    for (const path of [file, dirname(file)]) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw notUsable(file, error);
  }
}

function notUsable(file: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const message = `openSqlite: ${file} cannot be written to, or its folder is not there (${code}).`;
  return new ConfigurationError(message, { cause });
}

function codeOf(error: unknown): string | undefined {
  // By its members: a test runner's errors of the system are of another realm's class.
  if (typeof error !== 'object' || error === null) return undefined;
  return 'code' in error && 'syscall' in error ? String(error.code) : undefined;
}
