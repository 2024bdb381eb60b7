import { accept, refuse, type OAuthErrorCode, type Rejection, type Result } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { auditRefusal } from '../server/audit-refusal.js';
import type { ServerContext } from '../server/server-context.js';
import { hasSession } from '../session/has-session.js';
import { authorizationResponse } from './authorization-response.js';
import { errorLinkPage } from './error-link-page.js';
import type { AuthorizationFailure } from './parse-authorization-request.js';

/** Refusals that are a status elsewhere and have no code of their own in a redirect. RFC 6749 §4.1.2.1. */
const inRedirects: ReadonlyMap<Rejection['error'], OAuthErrorCode> = new Map([
  ['content_too_large', 'invalid_request'],
  ['method_not_allowed', 'invalid_request'],
  ['forbidden', 'access_denied'],
  ['too_many_requests', 'temporarily_unavailable'],
  ['invalid_client', 'unauthorized_client'],
]);

/**
 * Tells the client what is wrong, through the browser; or the user, where the address is not to be
 * trusted. OAuth 2.1 §4.1.2.1.
 *
 * AS-19: a client that registered itself a moment ago could otherwise use this server, with an error
 * made on purpose, to send anybody anywhere. For it, the user sees a page and decides; not with
 * `prompt=none`, which asks for an answer without anybody there.
 */
export async function answerFailure(
  context: ServerContext,
  { rejection, target, silent }: AuthorizationFailure,
  client: Client,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  if (target === undefined) return refuse(rejection);
  const redirects = silent || client.standing !== 'unverified' || (await hasSession(context, http));
  auditRefusal(context, rejection, http.view, client.id);
  const { requirement, code, rule } = rejection;
  const description = `${requirement} ${code}; ${rule}`;
  const result = { error: errorOf(rejection), description };
  if (redirects) return accept(authorizationResponse(context, target, result));
  return accept(errorLinkPage(context, target, result));
}

function errorOf({ error }: Rejection): OAuthErrorCode {
  return inRedirects.get(error) ?? (error as OAuthErrorCode | undefined) ?? 'invalid_request';
}
