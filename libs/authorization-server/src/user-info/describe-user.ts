import { accept, type JsonObject, type Rejection, type Result, type Seconds } from '@keybound/core';
import type { VerifiedPop } from '@keybound/pop';
import type { UserInfoContext } from '../extension/contributor.js';
import type { Client } from '../extension/client.js';
import { subjectIdentifier } from '../issuing/subject-identifier.js';
import type { ServerContext } from '../server/server-context.js';
import { contributedClaims } from './contributed-claims.js';
import { reject } from './rejections.js';
import { releasedClaims } from './released-claims.js';

/** What a client is told about its user. */
export interface UserDescription {
  readonly client: Client;
  /** `sub` always among them, the same as in the ID token (OIDC-36). */
  readonly claims: JsonObject;
}

/**
 * Finds the authorization that a verified token came from, its client and its user as both are today,
 * and what may be told. OpenID Connect Core §5.3.2, §5.4, §5.5.
 */
export async function describeUser(
  context: ServerContext,
  pop: VerifiedPop,
  now: Seconds,
): Promise<Result<UserDescription, Rejection>> {
  const { grant_id: grantId, client_id: clientId } = pop.claims;
  if (typeof grantId !== 'string' || typeof clientId !== 'string') {
    return reject('user_info.no_user', 'OIDC-39', { actual: 'a token of the client itself' });
  }
  const grant = await context.stores.grants.findGrant(grantId, now);
  if (grant === undefined) return reject('user_info.no_user', 'OIDC-39');
  const found = await context.resolveClient(clientId, {
    endpoint: 'userinfo',
    unverifiedHeader: undefined,
    now,
  });
  if (!found.ok) return reject('user_info.client_gone', 'OIDC-39', { actual: clientId });
  const client = found.value;
  const about: UserInfoContext = {
    client,
    localSubject: grant.localSubject,
    sub: await subjectIdentifier(context, client, grant.localSubject),
    scopes: [...pop.scopes],
    claims: grant.claims,
  };
  const released = await releasedClaims(context, about, 'userinfo');
  if (released === undefined) return reject('user_info.user_gone', 'OIDC-36');
  const contributed = await contributedClaims(context.extensions.contributors, about);
  return accept({ client, claims: { ...released, ...contributed, sub: about.sub } });
}
