import { accept, type Rejection, type Result } from '@keybound/core';
import { requestedAudience } from '../binding/key-distribution/requested-audience.js';
import type { PeekedGrant } from '../extension/grant.js';
import type { TokenRequest } from '../extension/token-request.js';
import type { ResourceDirectory } from '../issuing/resource-directory.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * For whom the access token will be: the one resource that the request names, the only one that was
 * granted, or the default where none was. RFC 8707 §2.2; AS-130, AS-131.
 */
export function narrowAudiences(
  context: Pick<ServerContext, 'configuration' | 'resources'>,
  grant: PeekedGrant,
  request: TokenRequest,
): Result<readonly string[], Rejection> {
  const { resources: directory } = context;
  const named = requestedAudience(request, context);
  if (!named.ok) return named;
  const resources = new Set(request.parameters.all('resource'));
  if (named.value !== undefined) resources.add(named.value);
  const unknown = [...resources].find((resource) => !mayGoTo(resource, directory, grant));
  if (unknown !== undefined) return reject('token.resource', 'AS-130', { actual: unknown });
  if (resources.size > 1) {
    return reject('token.several_resources', 'AS-131', { actual: [...resources].join(' ') });
  }
  if (resources.size === 1) return accept([...resources]);
  if (grant.resources.length > 1) {
    return reject('token.several_resources', 'AS-131', { expected: 'one of those granted' });
  }
  return accept(grant.resources.length === 1 ? grant.resources : directory.defaultAudiences);
}

/**
 * A grant that names no resource is for the default ones; a client on its own authority may go to any
 * that the server knows.
 */
function mayGoTo(
  resource: string,
  directory: ResourceDirectory,
  { resources, subject }: PeekedGrant,
): boolean {
  if (resources.length > 0) return resources.includes(resource);
  return subject.kind === 'client'
    ? directory.isKnown(resource)
    : directory.defaultAudiences.includes(resource);
}
