import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@keybound/core';
import {
  ClientOfflineError,
  DisconnectsClientError,
  ErrorReply,
  SocketClosedUnexpectedlyError,
} from 'redis';
import { LateAnswerError } from './answered-within.js';
import { endsConnection, unlessBug } from './unless-bug.js';

const full = "OOM command not allowed when used memory > 'maxmemory'.";

describe('unlessBug', () => {
  it.each([
    ['a server that is full', full],
    ['one that is full, found in a script', `${full} script: ab12, on @user_script:25.`],
    [
      'one that is full, found in a script before Redis 7',
      `ERR Error running script (call to f_ab12): @user_script:25: @user_script: 25: -${full}`,
    ],
    ['one that reads its data', 'LOADING Redis is loading the dataset in memory'],
    ['a replica', "READONLY You can't write against a read only replica."],
    ['one that wants a password', 'NOAUTH Authentication required.'],
    [
      'one that knows another password',
      'WRONGPASS invalid username-password pair or user is disabled.',
    ],
    [
      'one that does not let a script of ours',
      "ERR The user executing the script can't run this command or subcommand script: 8b30, on @user_script:20.",
    ],
    ['one that does not let us', "NOPERM User app has no permissions to run the 'evalsha' command"],
    ['one that takes no more clients', 'ERR max number of clients reached'],
    ['one that cannot save', 'MISCONF Redis is configured to save RDB snapshots'],
    ['one without its replicas', 'NOREPLICAS Not enough good replicas to write.'],
    ['one that runs a script', 'BUSY Redis is busy running a script.'],
    ['a node that has not the slot', 'MOVED 866 10.0.0.2:6379'],
    ['a cluster that is down', 'CLUSTERDOWN Hash slot not served'],
  ])('THR-66 takes for an outage the answer of %s', (_what, message) => {
    const cause = new ErrorReply(message);
    const error = unlessBug(cause);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ cause });
  });

  it.each([
    ['a late answer', new LateAnswerError('late')],
    ['a driver that is offline', new ClientOfflineError()],
    ['a connection that was left', new DisconnectsClientError()],
    ['a connection that closed', new SocketClosedUnexpectedlyError()],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a name that leads nowhere', Object.assign(new Error('lookup'), { code: 'ENOTFOUND' })],
    ['a certificate that ended', Object.assign(new Error('tls'), { code: 'CERT_HAS_EXPIRED' })],
  ])('THR-66 takes for an outage %s, and leaves the connection', (_what, cause) => {
    expect(unlessBug(cause)).toBeInstanceOf(StoreUnavailableError);
    expect(unlessBug(cause)).toMatchObject({ cause });
    expect(endsConnection(cause)).toBe(true);
  });

  it.each([
    ['a script that is wrong', new ErrorReply('ERR user_script:3: Script attempted to access nil')],
    ['a key of another kind', new ErrorReply('WRONGTYPE Operation against a key')],
    ['keys of several slots', new ErrorReply("CROSSSLOT Keys in request don't hash")],
    ['a wrong type', new TypeError('Invalid argument type')],
    [
      'a wrong type, found by Node',
      Object.assign(new TypeError('must be'), { code: 'ERR_INVALID_ARG_TYPE' }),
    ],
    ['anything else', new Error('LOADING is what it says, OOM too')],
    ['no error at all', 'OOM '],
  ])('THR-66 lets through %s, as a bug', (_what, error) => {
    expect(unlessBug(error)).toBe(error);
    expect(endsConnection(error)).toBe(false);
  });

  it.each([
    ['READONLY', true],
    ['MASTERDOWN', true],
    ['MOVED', true],
    ['OOM', false],
    ['LOADING', false],
  ])('THR-69 looks for the primary anew after %s: %p', (code, isExpected) => {
    expect(endsConnection(new ErrorReply(`${code} said the server`))).toBe(isExpected);
  });
});
