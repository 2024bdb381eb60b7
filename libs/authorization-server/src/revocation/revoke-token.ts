import { seconds, type Seconds } from '@keybound/core';
import { findOwnAccessToken } from '../introspection/own-access-token.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';

/** Resource servers take a token past its end, as clocks differ (RS-14, THR-65); by minutes at most. */
const longestLeewaySeconds = 600;

/**
 * Ends a token of this client, of whichever kind, whatever hint came with it. RFC 7009 §2.1, AS-141: a
 * refresh token, replaced ones included, ends its grant and everything issued from it; an access
 * token ends alone. Another client's token is left alone, in silence (AS-142).
 *
 * What is over by this clock may be good still by another's: it is ended like the rest.
 */
export async function revokeToken(
  context: Pick<ServerContext, 'issuer' | 'keys' | 'stores' | 'resolveClient'>,
  token: string,
  clientId: string,
  now: Seconds,
): Promise<void> {
  const { grants } = context.stores;
  const slowestClock = seconds(now - longestLeewaySeconds);
  if (token.startsWith('rt_')) {
    const record = await grants.findRefreshToken(await hashOf(token), slowestClock);
    if (record?.clientId === clientId) await grants.revokeGrant(record.grantId, now);
    return;
  }
  const accessToken = await findOwnAccessToken(context, token, slowestClock);
  if (accessToken?.clientId !== clientId) return;
  const until = seconds(accessToken.expiresAt + longestLeewaySeconds);
  await grants.revokeAccessToken(accessToken.jti, until, now);
}
