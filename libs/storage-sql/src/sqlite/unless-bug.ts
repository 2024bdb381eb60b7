import { StoreUnavailableError } from '@keybound/core';

/** What a statement is to blame for, and not the database: a mistake of ours. */
const bugs = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|MISUSE|RANGE|TOOBIG)/;

/** The error to throw: a database that cannot answer, or the bug itself. */
export function unlessBug(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || bugs.test(code)) return error;
  return new StoreUnavailableError(`The database file cannot be used now (${code}).`, {
    cause: error,
  });
}

/** Whether somebody else holds the file just now. */
export function isBusy(error: unknown): boolean {
  return codeOf(error)?.startsWith('SQLITE_BUSY') === true;
}

/** Errors of the database bear its code; others are the driver's, or ours. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    ? error.code
    : undefined;
}
