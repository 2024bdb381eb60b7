import { accept, type Refused, type Rejection, type Result } from '@keybound/core';
import { noteUse } from '../client/first-use.js';
import type {
  AuthenticatedClient,
  ClientAuthentication,
  ClientAuthenticationMethod,
} from '../extension/client-authentication.js';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { claimedMethod, type ClaimedMethod } from './claimed-method.js';
import { decoyClient } from './decoy-client.js';
import { failedAuthentication } from './failed-authentication.js';
import { reject } from './rejections.js';

/** Methods that only read and compute, and may do so for nobody. */
const harmless = new Set(['client_secret_basic', 'client_secret_post', 'private_key_jwt']);

/**
 * Who sends a request. AS-80, AS-81; RFC 6749 §2.3, §3.2.1.
 *
 * What the credential would use up is in `authentication.uses`, for the endpoint to spend.
 *
 * @param endpoint Its name, for resolvers.
 * @throws StoreUnavailableError, UpstreamError
 */
export async function authenticateClient(
  context: ServerContext,
  request: EndpointRequest,
  endpoint: string,
): Promise<Result<AuthenticatedClient, Rejection>> {
  const claimed = claimedMethod(context, request);
  if (!claimed.ok) return refused(context, request, undefined, claimed);
  const { clientId } = claimed.value.identity;
  const found = await findClient(context, request, endpoint, claimed.value);
  const authentication = await authenticate(claimed.value.method, found, request);
  if (!found.ok) return refused(context, request, clientId, found);
  if (!authentication.ok) return refused(context, request, clientId, authentication);
  // Who only names a client has not used it: that shows when something is issued (INV-3).
  if (authentication.value.confidential) await noteUse(found.value, context.stores.clients);
  return accept({ client: found.value, authentication: authentication.value });
}

/** The client that the credential names, if this is how it may authenticate. AS-81. */
async function findClient(
  context: ServerContext,
  { now }: EndpointRequest,
  endpoint: string,
  { identity, method }: ClaimedMethod,
): Promise<Result<Client, Rejection>> {
  const { clientId, unverifiedHeader } = identity;
  const client = await context.resolveClient(clientId, { endpoint, unverifiedHeader, now });
  if (!client.ok) return client;
  const { metadata, obligations } = client.value;
  const registered = metadata.token_endpoint_auth_method;
  const allowed = obligations.authenticationMethods;
  if (registered === method.name && allowed?.includes(method.name) !== false) return client;
  return reject('client_authentication.method', 'AS-81', {
    expected: allowed === undefined ? registered : allowed.join(' '),
    actual: method.name,
  });
}

/** INV-7: where there is no client, the work is done for nobody. */
async function authenticate(
  method: ClientAuthenticationMethod,
  found: Result<Client, Rejection>,
  request: EndpointRequest,
): Promise<Result<ClientAuthentication, Rejection>> {
  if (found.ok) return method.authenticate(found.value, request);
  if (harmless.has(method.name)) await method.authenticate(decoyClient, request);
  return found;
}

async function refused(
  context: ServerContext,
  request: EndpointRequest,
  clientId: string | undefined,
  refusal: Refused<Rejection>,
): Promise<Refused<Rejection>> {
  if (refusal.failure.error !== 'invalid_client') return refusal;
  return failedAuthentication(context, request, clientId, refusal);
}
