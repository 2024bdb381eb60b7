import { accept, type Rejection, type Result } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/**
 * Whether the request came the way it must: pushed (RFC 9126 §5, §6), signed (RFC 9101 §10.5). The
 * server, the client itself and whoever vouches for it may each demand it.
 */
export function checkDelivery(
  { configuration }: ServerContext,
  { client, endpoint, signed }: EffectiveRequest,
): Result<undefined, Rejection> {
  const { metadata, obligations } = client;
  const mustBePushed =
    configuration.pushedRequests.required ||
    metadata.require_pushed_authorization_requests ||
    obligations.pushedRequest === true;
  if (mustBePushed && endpoint === 'authorization') {
    return reject('authorization.not_pushed', 'AS-38');
  }
  const { requestObjects } = configuration;
  const mustBeSigned =
    (requestObjects !== 'off' && requestObjects.required) ||
    metadata.require_signed_request_object ||
    obligations.signedRequestObject === true;
  if (mustBeSigned && !signed) return reject('authorization.not_signed', 'AS-253');
  return accept(undefined);
}
