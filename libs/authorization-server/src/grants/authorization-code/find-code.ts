import { accept, type Rejection, type Result } from '@keybound/core';
import type { TokenRequest } from '../../extension/token-request.js';
import { hashOf } from '../../server/secrets.js';
import type { ServerContext } from '../../server/server-context.js';
import type { CodeRecord, GrantRecord } from '../../storage/grant-records.js';
import { reject } from '../rejections.js';
import { validGrant } from '../valid-grant.js';
import { checkVerifier } from './check-verifier.js';

/** A code that its client may redeem, as far as can be told without redeeming it. */
export interface FoundCode {
  readonly code: CodeRecord;
  readonly grant: GrantRecord;
}

/**
 * Finds the code of a request, and refuses one that is not this client's, this redirect's, this
 * verifier's, or over. OAuth 2.1 §4.1.3.
 *
 * Whether it was redeemed is not asked here: a second use that is right in all else must reach the
 * store, which then revokes what came of the first (AS-64).
 */
export async function findCode(
  context: ServerContext,
  request: TokenRequest,
): Promise<Result<FoundCode, Rejection>> {
  const { parameters, client, now } = request;
  const value = parameters.one('code');
  if (value === undefined) return reject('code.missing', 'AS-63');
  const { grants } = context.stores;
  const code = await grants.findCode(await hashOf(value), now);
  if (code?.kind !== 'authorization_code') return reject('code.unknown', 'AS-17');
  if (code.clientId !== client.id) return reject('code.client', 'AS-67', { actual: client.id });
  if (isOver(code, context, now)) return reject('code.expired', 'AS-17');
  const redirectUri = parameters.one('redirect_uri');
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) {
    return reject('code.redirect_uri', 'AS-63', { actual: redirectUri });
  }
  const verified = await checkVerifier(parameters.one('code_verifier'), code.codeChallenge);
  if (!verified.ok) {
    await noteWrongGuess(context, code, verified.failure, now);
    return verified;
  }
  const grant = await validGrant(context, code.grantId, client, now);
  return grant === undefined ? reject('code.unknown', 'AS-17') : accept({ code, grant });
}

/** One that was redeemed is not over: its second use is recognised until the store forgets it. */
function isOver(code: CodeRecord, { configuration }: ServerContext, now: number): boolean {
  if (code.failures >= configuration.codes.maxFailures) return true;
  return code.redeemedAt === undefined && code.expiresAt <= now;
}

/** THR-46: the code stays, until it was tried too often. */
async function noteWrongGuess(
  { stores, configuration }: ServerContext,
  { hash }: CodeRecord,
  { code }: Rejection,
  now: TokenRequest['now'],
): Promise<void> {
  if (code !== 'code.verifier') return;
  await stores.grants.noteCodeFailure(hash, configuration.codes.maxFailures, now);
}
