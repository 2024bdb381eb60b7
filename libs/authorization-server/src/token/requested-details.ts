import { accept, type Rejection, type Result } from '@keybound/core';
import { readDetails, type DetailsTypes } from '../authorization-details/read-details.js';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { TokenRequest } from '../extension/token-request.js';
import { reject } from './rejections.js';

/**
 * The `authorization_details` of a token request. RFC 9396 §5, §6.
 *
 * @returns Undefined where the request has none.
 */
export function requestedDetails(
  types: DetailsTypes,
  { parameters, client }: Pick<TokenRequest, 'parameters' | 'client'>,
): Result<readonly AuthorizationDetail[] | undefined, Rejection> {
  const text = parameters.one('authorization_details');
  if (text === undefined) return accept(undefined);
  const details = readDetails(types, client, text);
  if (details.ok) return details;
  return reject('token.authorization_details', 'AS-132', { actual: details.failure });
}
