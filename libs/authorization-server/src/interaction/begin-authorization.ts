import { accept, type Refused, type Rejection, type Result } from '@keybound/core';
import { answerFailure } from '../authorization/answer-failure.js';
import { authorizationResponse } from '../authorization/authorization-response.js';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import type { InteractionReason } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import { findSession } from '../session/find-session.js';
import { assessInteraction } from './assess-interaction.js';
import { issueCode } from './issue-code.js';
import { openInteraction } from './open-interaction.js';
import type { ReadyAuthorization } from './ready-authorization.js';
import { reject } from './rejections.js';
import { loginOf } from './user-login.js';

/** What a client hears that forbade to ask. OpenID Connect Core §3.1.2.6. */
const unasked: Readonly<Record<InteractionReason, Refused<Rejection>>> = {
  login: reject('interaction.login_required', 'AS-170'),
  consent: reject('interaction.consent_required', 'AS-170'),
  select_account: reject('interaction.account_selection_required', 'AS-170'),
  create: reject('interaction.required', 'AS-170'),
};

/**
 * Answers with a code where there is nothing to ask, with an error where nobody may be asked (AS-170),
 * and otherwise with a redirect to the host's pages (AS-20).
 */
export async function beginAuthorization(
  context: ServerContext,
  ready: ReadyAuthorization,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { request, client, http, pushedRequestHash } = ready;
  const session = await findSession(context, http);
  const login = session === undefined ? undefined : loginOf(session);
  const question = { request, client, login, now: http.now };
  const assessed = await assessInteraction(context, question, false);
  if (assessed.outcome === 'fail') {
    return refused(context, ready, assessed.failure);
  }
  if (assessed.outcome === 'ask') {
    if (isSilent(request)) return refused(context, ready, unasked[assessed.reasons[0]].failure);
    return accept(await openInteraction(context, ready, { session, login: assessed.login }));
  }
  // Before the pushed request is used up: where the store is away, the browser can come back.
  if (session !== undefined) {
    await context.stores.sessions.touch(session.hash, client.id, http.now);
  }
  const code = await issueCode(context, {
    request,
    client,
    login: assessed.login,
    consent: undefined,
    interactionHash: undefined,
    pushedRequestHash,
    now: http.now,
  });
  if (code === undefined) return reject('interaction.request_used', 'AS-29');
  return accept(authorizationResponse(context, request, { code }));
}

function refused(
  context: ServerContext,
  { request, client, http }: ReadyAuthorization,
  rejection: Rejection,
): Promise<Result<EndpointAnswer, Rejection>> {
  const failure = { rejection, target: request, silent: isSilent(request) };
  return answerFailure(context, failure, client, http);
}

function isSilent(request: AuthorizationRequest): boolean {
  return request.prompt?.includes('none') === true;
}
