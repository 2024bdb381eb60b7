import { accept, type Rejection, type Result } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/** Only the code flow, and only for clients that registered it. RFC 9700 §2.1.2, THR-45. */
export function checkResponseType(
  _context: ServerContext,
  { parameters, client }: EffectiveRequest,
): Result<undefined, Rejection> {
  const responseType = parameters.one('response_type');
  if (responseType === undefined) return reject('authorization.response_type_missing', 'AS-07');
  if (responseType !== 'code') {
    return reject('authorization.response_type', 'AS-07', { actual: responseType });
  }
  const { response_types, grant_types } = client.metadata;
  if (response_types.includes('code') && grant_types.includes('authorization_code')) {
    return accept(undefined);
  }
  return reject('authorization.client_may_not', 'AS-07', { actual: grant_types.join(' ') });
}
