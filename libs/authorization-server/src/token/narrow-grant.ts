import { accept, type Rejection, type Result } from '@keybound/core';
import { loginScopes } from '../authorization/requested-scopes.js';
import type { PeekedGrant } from '../extension/grant.js';
import type { TokenRequest } from '../extension/token-request.js';
import type { NarrowedGrant } from '../issuing/issue-tokens.js';
import type { ServerContext } from '../server/server-context.js';
import { narrowAudiences } from './narrow-audiences.js';
import { detailsFor, narrowDetails } from './narrow-details.js';
import { narrowScopes } from './narrow-scopes.js';
import { reject } from './rejections.js';

/**
 * What a request asks for, of what its grant allows. AS-69, AS-130, AS-134.
 *
 * Where it is for scopes and none of them means anything at the audience, it is refused: an answer
 * cannot say that nothing is left (RFC 6749 §5.1), and silence would mean all that was asked for. Who
 * asked for a login alone has an ID token to show for it.
 */
export function narrowGrant(
  context: Pick<ServerContext, 'configuration' | 'extensions' | 'resources'>,
  grant: PeekedGrant,
  request: TokenRequest,
): Result<NarrowedGrant, Rejection> {
  const types = context.extensions.authorizationDetailsTypes;
  const scopes = narrowScopes(grant.scopes, request.parameters);
  if (!scopes.ok) return scopes;
  const audiences = narrowAudiences(context, grant, request);
  if (!audiences.ok) return audiences;
  const scopesThere = context.resources.scopesAt(audiences.value, scopes.value);
  if (scopesThere.length === 0 && !scopes.value.every((scope) => loginScopes.includes(scope))) {
    const actual = `${scopes.value.join(' ')} at ${audiences.value.join(' ')}`;
    return reject('token.scope', 'AS-131', { actual });
  }
  const details = narrowDetails(types, grant.authorizationDetails, request);
  if (!details.ok) return details;
  return accept({
    grantedScopes: scopes.value,
    scopes: scopesThere,
    audiences: audiences.value,
    authorizationDetails: detailsFor(types, audiences.value, details.value),
  });
}
