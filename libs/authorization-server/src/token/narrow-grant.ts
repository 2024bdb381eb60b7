import { accept, type Rejection, type Result } from '@keybound/core';
import type { PeekedGrant } from '../extension/grant.js';
import type { TokenRequest } from '../extension/token-request.js';
import type { NarrowedGrant } from '../issuing/issue-tokens.js';
import type { ResourceDirectory } from '../issuing/resource-directory.js';
import type { ServerContext } from '../server/server-context.js';
import { narrowAudiences } from './narrow-audiences.js';
import { detailsFor, narrowDetails } from './narrow-details.js';
import { narrowScopes } from './narrow-scopes.js';

/** What a request asks for, of what its grant allows. AS-69, AS-130, AS-134. */
export function narrowGrant(
  { configuration, extensions }: Pick<ServerContext, 'configuration' | 'extensions'>,
  directory: ResourceDirectory,
  grant: PeekedGrant,
  request: TokenRequest,
): Result<NarrowedGrant, Rejection> {
  const types = extensions.authorizationDetailsTypes;
  const scopes = narrowScopes(grant.scopes, request.parameters);
  if (!scopes.ok) return scopes;
  const audiences = narrowAudiences(configuration, directory, grant, request);
  if (!audiences.ok) return audiences;
  const details = narrowDetails(types, grant.authorizationDetails, request);
  if (!details.ok) return details;
  return accept({
    grantedScopes: scopes.value,
    scopes: directory.scopesAt(audiences.value, scopes.value),
    audiences: audiences.value,
    authorizationDetails: detailsFor(types, audiences.value, details.value),
  });
}
