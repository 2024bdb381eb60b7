import { StoreUnavailableError } from '@keybound/core';
import {
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ErrorReply,
  SocketClosedUnexpectedlyError,
  TimeoutError,
} from 'redis';
import { LateAnswerError } from './answered-within.js';

/** Codes of a server that cannot, or may not, do what it is asked now. Others are mistakes of ours. */
const cannotAnswer = new Set([
  'ASK',
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MAXCLIENTS',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNKILLABLE',
  'WRONGPASS',
]);

/** Of those, codes of a server that is not the one to ask any more: its name may lead to another. */
const elsewhere = new Set(['MASTERDOWN', 'MOVED', 'READONLY']);

const connectionErrors = [
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  LateAnswerError,
  SocketClosedUnexpectedlyError,
  TimeoutError,
];

/** The error to throw: a server that cannot answer, or the bug itself. */
export function unlessBug(error: unknown): unknown {
  if (error instanceof ErrorReply) {
    const code = codeOf(error);
    return cannotAnswer.has(code) ? unavailable(`Redis answers ${code}.`, error) : error;
  }
  return isConnectionError(error) ? unavailable('Redis cannot be reached.', error) : error;
}

/** Whether nothing more is to be hoped for from the connection on which this came. */
export function endsConnection(error: unknown): boolean {
  return error instanceof ErrorReply ? elsewhere.has(codeOf(error)) : isConnectionError(error);
}

function isConnectionError(error: unknown): boolean {
  return isNodeError(error) || connectionErrors.some((kind) => error instanceof kind);
}

/** Of sockets, names and TLS: these have a code, such as ECONNREFUSED. */
function isNodeError(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    !error.code.startsWith('ERR_INVALID_')
  );
}

/**
 * An error reply begins with its code. Before Redis 7 one that came up in a script stands behind a
 * hyphen, in a sentence about the script. What an account may not do in a script has none of its own,
 * nor has a server that takes no more clients.
 */
function codeOf({ message }: ErrorReply): string {
  if (message.startsWith('ERR max number of clients ')) return 'MAXCLIENTS';
  if (message.includes("The user executing the script can't ")) return 'NOPERM';
  return (/ -([A-Z]+) /.exec(message) ?? /^([A-Z]+) /.exec(message))?.[1] ?? '';
}

function unavailable(message: string, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(message, { cause });
}
