import { accept, type Rejection, type Result } from '@keybound/core';
import { bindToken } from '../binding/bind-token.js';
import { noteUse } from '../client/first-use.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { PeekedGrant } from '../extension/grant.js';
import type { Parameters } from '../extension/parameters.js';
import type { TokenBinding } from '../extension/token-binder.js';
import type { TokenRequest } from '../extension/token-request.js';
import { issueTokens } from '../issuing/issue-tokens.js';
import type { ServerContext } from '../server/server-context.js';
import { checkBinding } from './check-binding.js';
import { findGrantType } from './find-grant-type.js';
import { narrowGrant } from './narrow-grant.js';
import { reject } from './rejections.js';
import { tokenAnswer } from './token-answer.js';

/**
 * Answers a token request, in the one order that every grant follows.
 *
 * All that can refuse comes before anything is used up (INV-3, KD-24): the tokens are signed, but not
 * handed out, when what a success uses up is spent, at once, and the grant is consumed, in one
 * transaction. Only a request that loses the race for its grant has spent its proofs in vain.
 */
export async function runTokenRequest(
  context: ServerContext,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { parameters, now } = request;
  const { grantTypes, tokenBinders } = context.extensions;

  const authenticated = await context.authenticateClient(request, 'token');
  if (!authenticated.ok) return authenticated;
  const { client, authentication } = authenticated.value;

  const found = findGrantType(grantTypes, parameters, authenticated.value);
  if (!found.ok) return found;
  const { grantType } = found.value;
  const { view, query, json } = request;
  const tokenRequest: TokenRequest = {
    view,
    parameters,
    query,
    json,
    now,
    client,
    authentication,
    grantType,
  };

  const single = checkRepetitions(parameters);
  if (!single.ok) return single;

  const peeked = await found.value.peek(tokenRequest);
  if (!peeked.ok) return peeked;
  const grant = peeked.value;

  const narrowed = narrowGrant(context, grant, tokenRequest);
  if (!narrowed.ok) return narrowed;
  const { audiences, grantedScopes: scopes } = narrowed.value;

  const { previousBinding } = grant;
  const bound = await bindToken(tokenBinders, tokenRequest, { audiences, previousBinding });
  if (!bound.ok) return bound;
  const allowed = checkBinding(context, tokenRequest, grant, bound.value);
  if (!allowed.ok) return allowed;
  const binding = allowed.value;

  const order = { client, grant, narrowed: narrowed.value, binding, now };
  const issued = await issueTokens(context, order);
  if (!issued.ok) return issued;

  const uses = [...authentication.uses, ...(binding?.uses ?? [])];
  const spent = await context.spend(uses, request);
  if (!spent.ok) return spent;
  await noteUse(client, context.stores.clients);

  const { record: accessToken } = issued.value.accessToken;
  const { provenKeys } = bound.value;
  const issuance = { request: tokenRequest, scopes, binding, provenKeys, accessToken, now };
  const consumed = await grant.consume(issuance);
  if (!consumed.ok) return consumed;

  recordIssue(context, tokenRequest, grant, binding);
  return accept(tokenAnswer({ ...order, issued: issued.value, consumed: consumed.value }));
}

/** RFC 8707 §2 and RFC 8693 §2.1 let two be repeated. */
function checkRepetitions({ repeated }: Parameters): Result<undefined, Rejection> {
  if (repeated.size === 0) return accept(undefined);
  const name = [...repeated].find((each) => each !== 'resource' && each !== 'audience');
  return name === undefined
    ? accept(undefined)
    : reject('token.repeated_parameter', 'AS-02', { actual: name });
}

function recordIssue(
  { audit }: Pick<ServerContext, 'audit'>,
  { client }: TokenRequest,
  { grantId }: PeekedGrant,
  binding: TokenBinding | undefined,
): void {
  audit.record({
    kind: 'done',
    code: 'token.issued',
    clientId: client.id,
    ...(grantId !== undefined && { grantId }),
    ...(binding?.thumbprint !== undefined && { thumbprint: binding.thumbprint }),
  });
}
