import type { JsonObject, Seconds } from '@keybound/core';
import type { Client } from '../extension/client.js';
import { subjectIdentifier } from '../issuing/subject-identifier.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';

/**
 * The response about a refresh token, for the client that holds it and nobody else. AS-145. Undefined
 * for what is no live refresh token of that client; one that was replaced is none.
 */
export async function refreshTokenAnswer(
  context: ServerContext,
  token: string,
  client: Client,
  now: Seconds,
): Promise<JsonObject | undefined> {
  if (!token.startsWith('rt_')) return undefined;
  const { grants } = context.stores;
  const record = await grants.findRefreshToken(await hashOf(token), now);
  if (record?.clientId !== client.id || record.retiredAt !== undefined) return undefined;
  const grant = await grants.findGrant(record.grantId, now);
  const expiresAt = Math.min(record.idleExpiresAt, grant?.expiresAt ?? 0);
  if (grant === undefined || expiresAt <= now) return undefined;
  return {
    active: true,
    iss: context.issuer,
    client_id: client.id,
    sub: await subjectIdentifier(context, client, grant.localSubject),
    ...(grant.scopes.length > 0 && { scope: grant.scopes.join(' ') }),
    ...(grant.authorizationDetails.length > 0 && {
      authorization_details: grant.authorizationDetails,
    }),
    iat: record.createdAt,
    exp: expiresAt,
  };
}
