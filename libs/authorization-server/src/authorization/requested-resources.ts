import { accept, type Rejection, type Result } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const mostResources = 20;
const longestResource = 2_048;
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]{0,31}:[!$-;=?-Z_a-z~]+$/;

/** Which of the server's resources tokens are to be good for. RFC 8707 §2. */
export function parseResources(
  { resources }: ServerContext,
  { parameters }: EffectiveRequest,
): Result<readonly string[], Rejection> {
  const asked = parameters.all('resource');
  if (asked.length > mostResources) {
    return reject('authorization.resource', 'AS-130', { actual: String(asked.length) });
  }
  for (const resource of asked) {
    if (!isResourceUri(resource) || !resources.isKnown(resource)) {
      return reject('authorization.resource', 'AS-130', { actual: resource });
    }
  }
  return accept([...new Set(asked)]);
}

/** An absolute URI without a fragment. RFC 8707 §2, RFC 3986 §4.3. */
function isResourceUri(text: string): boolean {
  return text.length <= longestResource && absoluteUri.test(text);
}
