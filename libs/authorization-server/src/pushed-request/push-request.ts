import { accept, refuse, seconds, type Rejection, type Result } from '@keybound/core';
import { parseAuthorizationRequest } from '../authorization/parse-authorization-request.js';
import { checkRequestProof } from '../binding/dpop/check-request-proof.js';
import { jsonAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';
import { freshRequestUri } from './request-uri.js';

/**
 * Takes an authorization request from its client directly, checks all of it, and hands out a name for
 * it. RFC 9126 §2.
 *
 * In the order of every endpoint: who calls, what for, with which key; then what a success uses up is
 * spent, and the request is kept.
 */
export async function pushRequest(
  context: ServerContext,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const endpoint = 'pushed_authorization_request';
  const caller = await context.authenticateClient(http, endpoint);
  if (!caller.ok) return caller;
  const { client, authentication } = caller.value;
  const { parameters } = http;
  if (parameters.one('request_uri') !== undefined || parameters.repeated.has('request_uri')) {
    return reject('pushed_request.request_uri', 'AS-31');
  }
  const proof = await checkRequestProof(context, http);
  if (!proof.ok) return proof;
  const provenKey = proof.value?.thumbprint;
  const parsed = await parseAuthorizationRequest(context, { client, http, endpoint, provenKey });
  if (!parsed.ok) return refuse(parsed.failure.rejection);
  const { request, uses } = parsed.value;
  const proofUses = proof.value?.uses ?? [];
  const spent = await context.spend([...authentication.uses, ...proofUses, ...uses], http);
  if (!spent.ok) return spent;

  const { lifetimeSeconds } = context.configuration.pushedRequests;
  const requestUri = freshRequestUri();
  const expiresAt = seconds(Math.min(http.now + lifetimeSeconds, client.expiresAt ?? Infinity));
  const hash = await hashOf(requestUri);
  await context.stores.grants.savePushedRequest(
    { hash, clientId: client.id, request, expiresAt },
    http.now,
  );
  const body = { request_uri: requestUri, expires_in: expiresAt - http.now };
  return accept(jsonAnswer(201, body, proof.value?.fields ?? []));
}
