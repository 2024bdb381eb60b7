import { accept, type Rejection, type Result } from '@keybound/core';
import { isRegistered } from '../authorization/redirect-uri.js';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';
import { isOurRequestUri } from './request-uri.js';

/** A request that was pushed and checked before. */
export interface FoundPushedRequest {
  readonly request: AuthorizationRequest;
  readonly hash: string;
}

/**
 * Finds a pushed request for the browser that brings its URI. RFC 9126 §4.
 *
 * Loading it uses nothing up: it ends with its authorization (AS-34), so that a reload or the preview
 * of a link does no harm. What may have changed since it was pushed is looked at again: the client is
 * still found by the same resolver, and the redirect URI is still its own.
 */
export async function findPushedRequest(
  context: ServerContext,
  client: Client,
  requestUri: string,
  { parameters, now }: EndpointRequest,
): Promise<Result<FoundPushedRequest, Rejection>> {
  if (parameters.repeated.has('request_uri')) return reject('pushed_request.repeated', 'AS-36');
  if (!isOurRequestUri(requestUri)) return reject('pushed_request.unknown', 'AS-33');
  const hash = await hashOf(requestUri);
  const record = await context.stores.grants.findPushedRequest(hash, now);
  if (record === undefined || record.expiresAt <= now) {
    return reject('pushed_request.unknown', 'AS-33');
  }
  const { clientId, request } = record;
  if (clientId !== client.id) {
    return reject('pushed_request.not_yours', 'AS-35', { expected: clientId, actual: client.id });
  }
  if (request.clientSource !== client.source || !isRegistered(request.redirectUri, client)) {
    return reject('pushed_request.changed', 'AS-35', { actual: client.source });
  }
  return accept({ request, hash });
}
