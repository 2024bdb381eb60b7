import { StoreUnavailableError } from '@keybound/core';

/**
 * Classes of SQLSTATE for which a statement is to blame, and not the server: cardinality, data,
 * constraint, feature not supported, syntax and names, limits. A mistake of ours. But for rights that
 * the account does not have: somebody else has to give them. PostgreSQL, appendix A.
 */
const bugs = /^(21|22|23|0A|42(?!501)|54)/;

/** Of a session that is over: it was told to end, or the connection is gone. */
const ends = /^(08|25P03|57P)/;

/** The error to throw: a server that cannot answer, or the bug itself. */
export function unlessBug(error: unknown): unknown {
  const isOurs = [StoreUnavailableError, TypeError, RangeError].some(
    (kind) => error instanceof kind,
  );
  if (isOurs) return error;
  const state = sqlState(error);
  if (state !== undefined && bugs.test(state)) return error;
  return new StoreUnavailableError('The database cannot answer now.', { cause: error });
}

/** Whether nothing more is to be hoped for from the connection on which this came. */
export function endsConnection(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || ends.test(state);
}

/** Of an error that the server answered with; those of sockets have codes of another kind. */
export function sqlState(error: unknown): string | undefined {
  const isAnswer =
    typeof error === 'object' && error !== null && 'code' in error && 'severity' in error;
  return isAnswer && typeof error.code === 'string' ? error.code : undefined;
}
