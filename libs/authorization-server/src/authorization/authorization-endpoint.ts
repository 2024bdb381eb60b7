import type { Rejection, Result } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { beginAuthorization } from '../interaction/begin-authorization.js';
import { findPushedRequest } from '../pushed-request/find-pushed-request.js';
import { isRequestUri } from '../pushed-request/request-uri.js';
import type { BuiltIn, ServerContext } from '../server/server-context.js';
import { answerFailure } from './answer-failure.js';
import { findClient } from './find-client.js';
import { parseAuthorizationRequest } from './parse-authorization-request.js';

/** Where browsers bring authorization requests. OAuth 2.1 §3.1, OpenID Connect Core §3.1.2. */
export const authorizationEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'authorization',
      below: 'issuer',
      path: '/authorize',
      methods: ['GET', 'POST'],
      content: 'form',
      cors: 'none',
      metadata: (url) => ({ authorization_endpoint: url }),
      surface: () => ({ kind: 'page' }),
      handle: (http) => authorize(context, http),
    },
  ],
});

async function authorize(
  context: ServerContext,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const client = await findClient(context, http);
  if (!client.ok) return client;
  const requestUri = http.parameters.one('request_uri');
  return requestUri !== undefined && isRequestUri(requestUri)
    ? authorizePushed(context, client.value, requestUri, http)
    : authorizeDirect(context, client.value, http);
}

/** AS-36: `client_id` and `request_uri` count, and whatever else came along does not. */
async function authorizePushed(
  context: ServerContext,
  client: Client,
  requestUri: string,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const pushed = await findPushedRequest(context, client, requestUri, http);
  if (!pushed.ok) return pushed;
  const { request, hash } = pushed.value;
  return beginAuthorization(context, { request, client, http, pushedRequestHash: hash });
}

async function authorizeDirect(
  context: ServerContext,
  client: Client,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const incoming = { client, http, endpoint: 'authorization', provenKey: undefined } as const;
  const parsed = await parseAuthorizationRequest(context, incoming);
  if (!parsed.ok) return answerFailure(context, parsed.failure, client, http);
  const { request, uses } = parsed.value;
  const spent = await context.spend(uses, http);
  if (!spent.ok) {
    const silent = request.prompt?.includes('none') === true;
    const failure = { rejection: spent.failure, target: request, silent };
    return answerFailure(context, failure, client, http);
  }
  return beginAuthorization(context, { request, client, http, pushedRequestHash: undefined });
}
