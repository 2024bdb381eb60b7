import { accept, type Rejection, type Result } from '@keybound/core';
import type { TokenRequest } from '../../extension/token-request.js';
import { hashOf } from '../../server/secrets.js';
import type { ServerContext } from '../../server/server-context.js';
import type { GrantRecord, RefreshTokenRecord } from '../../storage/grant-records.js';
import { reject } from '../rejections.js';
import { validGrant } from '../valid-grant.js';

/** A refresh token that its client may use, as far as can be told without using it. */
export interface FoundRefreshToken {
  readonly token: RefreshTokenRecord;
  readonly grant: GrantRecord;
}

/**
 * Finds the refresh token of a request, and refuses one that is not this client's, or over. OAuth 2.1
 * §4.3.
 *
 * Whether it was replaced is not asked here: only the store knows whether that was just now (AS-72), and
 * it revokes the family where it was not (AS-71).
 */
export async function findRefreshToken(
  context: Pick<ServerContext, 'stores'>,
  { parameters, client, now }: TokenRequest,
): Promise<Result<FoundRefreshToken, Rejection>> {
  const value = parameters.one('refresh_token');
  if (value === undefined) return reject('refresh.missing', 'AS-69');
  const token = await context.stores.grants.findRefreshToken(await hashOf(value), now);
  if (token === undefined || token.idleExpiresAt <= now) return reject('refresh.unknown', 'AS-69');
  if (token.clientId !== client.id) {
    return reject('refresh.client', 'AS-69', { actual: client.id });
  }
  const grant = await validGrant(context, token.grantId, client, now);
  return grant === undefined ? reject('refresh.unknown', 'AS-69') : accept({ token, grant });
}
