import { accept, type Rejection, type Result } from '@keybound/core';
import { answerFailure } from '../authorization/answer-failure.js';
import { authorizationResponse } from '../authorization/authorization-response.js';
import { redirectAnswer } from '../endpoint/answers.js';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { browserCookie, setCookie } from '../session/cookies.js';
import { findSession } from '../session/find-session.js';
import { startSession } from '../session/start-session.js';
import type { InteractionRecord } from '../storage/grant-records.js';
import type { SessionRecord } from '../storage/session-store.js';
import { assessInteraction } from './assess-interaction.js';
import { issueCode } from './issue-code.js';
import { reject } from './rejections.js';
import { resolveAgain } from './resolve-again.js';
import { isFresh, loginOf, type UserLogin } from './user-login.js';

/** An interaction whose browser is back, and the client as it is now. */
interface Finish {
  readonly record: InteractionRecord;
  readonly client: Client;
  readonly http: EndpointRequest;
}

/** Ends an interaction with a code or an error. What was true when it began is judged anew (AS-29). */
export async function finishInteraction(
  context: ServerContext,
  record: InteractionRecord,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { request, answered } = record;
  const resolved = await resolveAgain(context, request);
  if (!resolved.ok) return resolved;
  const finish = { record, client: resolved.value, http };
  if (answered.rejected)
    return refuse(context, finish, reject('interaction.denied', 'AS-23').failure);
  const session = await findSession(context, http);
  const login = standing(answered.login, session);
  const assessed = await assessInteraction(
    context,
    { request, client: finish.client, login, now: http.now },
    answered.consent !== undefined,
  );
  switch (assessed.outcome) {
    case 'fail':
      return refuse(context, finish, assessed.failure);
    case 'ask':
      return askAgain(context, finish, assessed.login);
    case 'settled':
      return complete(context, finish, assessed.login, session);
  }
}

/**
 * A login of just now stands. One of an earlier session stands only while the browser still has a
 * session of that user: in another tab somebody may have logged out, or in as somebody else.
 */
function standing(
  login: UserLogin | undefined,
  session: SessionRecord | undefined,
): UserLogin | undefined {
  if (login === undefined || isFresh(login)) return login;
  return session?.subject === login.subject ? loginOf(session) : undefined;
}

/**
 * The session first: where a store is away between the two, the interaction and its pushed request are
 * there still, and the browser can come back. What nobody was told of, nobody can use; and whose older
 * session ended for it has just logged in, and need not do so again when coming back.
 */
async function complete(
  context: ServerContext,
  { record, client, http }: Finish,
  login: UserLogin,
  session: SessionRecord | undefined,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { sessions } = context.stores;
  const started = isFresh(login)
    ? await startSession(context, { login, clientId: client.id }, http)
    : undefined;
  if (started === undefined && session !== undefined) {
    await sessions.touch(session.hash, client.id, http.now);
  }
  const code = await issueCode(context, {
    request: record.request,
    client,
    login: started === undefined ? login : { ...login, sid: started.sid },
    consent: record.answered.consent,
    interactionHash: record.hash,
    pushedRequestHash: record.pushedRequestHash,
    now: http.now,
  });
  if (code === undefined) {
    if (started !== undefined) await sessions.end(started.hash);
    return reject('interaction.finished', 'AS-22');
  }
  const answer = authorizationResponse(context, record.request, { code });
  return accept(lastAnswer(record, answer, started === undefined ? [] : [started.cookie]));
}

async function refuse(
  context: ServerContext,
  { record, client, http }: Finish,
  rejection: Rejection,
): Promise<Result<EndpointAnswer, Rejection>> {
  const { hash, pushedRequestHash, request } = record;
  const ended = await context.stores.grants.endInteraction(hash, pushedRequestHash, http.now);
  if (!ended) return reject('interaction.finished', 'AS-22');
  // The user has been asked, and is not sent anywhere unseen (AS-19).
  const failure = { rejection, target: request, silent: true };
  const answer = await answerFailure(context, failure, client, http);
  return answer.ok ? accept(lastAnswer(record, answer.value)) : answer;
}

/** Its cookie goes with it: those of many logins would not fit into one request. */
function lastAnswer(
  { hash }: InteractionRecord,
  answer: EndpointAnswer,
  cookies: EndpointAnswer['headers'] = [],
): EndpointAnswer {
  const forgotten = setCookie(browserCookie(hash), '', 0);
  return { ...answer, headers: [...answer.headers, ...cookies, forgotten] };
}

/** Back to the host's page, without what no longer holds. */
async function askAgain(
  context: ServerContext,
  { record, http }: Finish,
  login: UserLogin | undefined,
): Promise<Result<EndpointAnswer, Rejection>> {
  const again: InteractionRecord = {
    ...record,
    version: record.version + 1,
    sessionHash: login === undefined ? undefined : record.sessionHash,
    answered: { login, consent: undefined, rejected: false, ticketHash: undefined },
  };
  if (!(await context.stores.grants.advanceInteraction(again, http.now))) {
    return reject('interaction.finished', 'AS-22');
  }
  const id = http.query.one('interaction') ?? '';
  return accept(redirectAnswer(context.configuration.interactions.url(id)));
}
