import { accept, type Rejection, type Result } from '@keybound/core';
import type { AuthenticatedClient } from '../extension/client-authentication.js';
import type { GrantType } from '../extension/grant.js';
import type { Parameters } from '../extension/parameters.js';
import { reject } from './rejections.js';

/** The grant that a request names, where its client may use it. AS-78, AS-68. */
export function findGrantType(
  grantTypes: ReadonlyMap<string, GrantType>,
  parameters: Parameters,
  { client, authentication }: AuthenticatedClient,
): Result<GrantType, Rejection> {
  const name = parameters.one('grant_type');
  if (name === undefined) return reject('token.grant_type_missing', 'AS-78');
  const grantType = grantTypes.get(name);
  if (grantType === undefined) return reject('token.grant_type', 'AS-78', { actual: name });
  if (!client.metadata.grant_types.includes(name)) {
    return reject('token.grant_type_not_registered', 'AS-78', { actual: name });
  }
  if (!authentication.confidential && !grantType.publicClients) {
    return reject('token.public_client', 'AS-68', { actual: name });
  }
  return accept(grantType);
}
