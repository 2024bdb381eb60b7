import { accept, type Rejection, type Result } from '@keybound/core';
import { readDetails } from '../authorization-details/read-details.js';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import { lengthInToken, longestAccessToken } from '../issuing/longest-access-token.js';
import type { ResourceDirectory } from '../issuing/resource-directory.js';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/** In characters. AS-135: what is longer, or personal, is pushed. */
const longest = { authorization: 8_192, pushed_authorization_request: 32_768 };

/**
 * What is asked for in more words than a scope has: of types that the client registered, where it
 * registered any. RFC 9396 §2, §5, §10. How many fit into one token is known when it is asked for.
 */
export function parseAuthorizationDetails(
  { extensions, resources }: ServerContext,
  { parameters, client, endpoint }: EffectiveRequest,
): Result<readonly AuthorizationDetail[], Rejection> {
  const text = parameters.one('authorization_details');
  if (text === undefined) return accept([]);
  if (text.length > longest[endpoint]) {
    return reject('authorization.details_too_long', 'AS-135', { actual: String(text.length) });
  }
  const { authorization_details_types: registered } = client.metadata;
  const types = [...extensions.authorizationDetailsTypes];
  const allowed = new Map(types.filter(([type]) => registered?.includes(type) ?? true));
  const details = readDetails(allowed, client, text);
  if (!details.ok) return reject('authorization.details', 'AS-132', { actual: details.failure });
  const asked = parameters.all('resource');
  const longestDetail = Math.max(...details.value.map(lengthInToken));
  if (longestDetail <= longestAccessToken || canBeReference(resources, asked)) return details;
  return reject('authorization.details', 'AS-133', {
    expected: String(longestAccessToken),
    actual: String(longestDetail),
  });
}

/** Whether one of the tokens to come may be a reference, which is short whatever it stands for. */
function canBeReference(resources: ResourceDirectory, asked: readonly string[]): boolean {
  const audiences = asked.length > 0 ? asked : resources.defaultAudiences;
  return audiences.some((audience) => resources.takesReferenceTokens([audience]));
}
