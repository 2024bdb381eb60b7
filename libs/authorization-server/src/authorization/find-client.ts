import type { Rejection, Result } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import { unverifiedHeaderOf } from '../request-object/unverified-header.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * Who is said to ask. Whatever goes wrong here is told on a page, never by a redirect: there is
 * nobody yet to whom it could go. OAuth 2.1 §4.1.2.1. `resolveClient` bounds the identifier.
 */
export async function findClient(
  context: ServerContext,
  { parameters, now }: EndpointRequest,
): Promise<Result<Client, Rejection>> {
  if (parameters.repeated.has('client_id')) {
    return reject('authorization.client_repeated', 'OIDC-28');
  }
  const clientId = parameters.one('client_id');
  if (clientId === undefined) return reject('authorization.client_id', 'AS-03');
  const unverifiedHeader = unverifiedHeaderOf(parameters.one('request'));
  return context.resolveClient(clientId, { endpoint: 'authorization', unverifiedHeader, now });
}
