import type { Refused, Rejection, Seconds } from '@keybound/core';
import type { AuthorizationRequest, ClaimRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { InteractionReason } from '../extension/interaction.js';
import { subjectIdentifier } from '../issuing/subject-identifier.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';
import { isFresh, type UserLogin } from './user-login.js';

/** What is to be decided: whether this user may answer that request, as they are logged in. */
export interface LoginQuestion {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  readonly login: UserLogin | undefined;
  readonly now: Seconds;
}

export type LoginAssessment =
  | {
      readonly outcome: 'ask';
      readonly reasons: readonly [InteractionReason, ...InteractionReason[]];
    }
  /** No login, or no other one, will do. */
  | { readonly outcome: 'fail'; readonly failure: Rejection }
  | { readonly outcome: 'settled'; readonly login: UserLogin };

/** Whether the user has to log in, once more perhaps. OpenID Connect Core §3.1.2.1, §3.1.2.3. */
export async function assessLogin(
  context: ServerContext,
  question: LoginQuestion,
): Promise<LoginAssessment> {
  const { request, login } = question;
  const wanted = essentialAcr(request);
  const { acrValues } = context.configuration;
  if (wanted !== undefined && !wanted.some((acr) => acrValues.includes(acr))) {
    return fail(reject('interaction.acr', 'AS-172', { expected: acrValues.join(' ') }));
  }
  if (login === undefined || (await isEnded(context, login))) return ask(request, true);
  const rightUser = await isRightUser(context, question, login.subject);
  const rightAcr = wanted === undefined || (login.acr !== undefined && wanted.includes(login.acr));
  if (isFresh(login)) {
    if (!rightUser) return fail(reject('interaction.login_required', 'AS-173'));
    if (!rightAcr)
      return fail(reject('interaction.acr', 'AS-172', { actual: login.acr ?? 'none' }));
    return { outcome: 'settled', login };
  }
  const again = !rightUser || !rightAcr || isTooOld(question, login.authTime);
  const chosen = request.prompt?.includes('create') === true || selects(request);
  return again || chosen ? ask(request, again) : { outcome: 'settled', login };
}

/** Wherever it was made: by a session in any browser, or in answer to this very request. */
async function isEnded(
  { accounts }: ServerContext,
  { subject, authTime }: UserLogin,
): Promise<boolean> {
  const endedAt = await accounts.loginsEndedAt?.(subject);
  return endedAt !== undefined && authTime < endedAt;
}

function fail({ failure }: Refused<Rejection>): LoginAssessment {
  return { outcome: 'fail', failure };
}

/** @param authenticate Whether choosing among those who are logged in is not enough. */
function ask(request: AuthorizationRequest, authenticate: boolean): LoginAssessment {
  if (request.prompt?.includes('create') === true) return { outcome: 'ask', reasons: ['create'] };
  if (!selects(request)) return { outcome: 'ask', reasons: ['login'] };
  const reasons = authenticate
    ? (['select_account', 'login'] as const)
    : (['select_account'] as const);
  return { outcome: 'ask', reasons };
}

function selects(request: AuthorizationRequest): boolean {
  return request.prompt?.includes('select_account') === true;
}

/** AS-171: `max_age=0` is `prompt=login`, and neither takes a login of before. */
function isTooOld({ request, now }: LoginQuestion, authTime: Seconds): boolean {
  if (request.prompt?.includes('login') === true || request.maxAge === 0) return true;
  return request.maxAge !== undefined && now - authTime > request.maxAge;
}

/** AS-173, AS-174: the user whom the hint, or the `sub` in `claims`, names in the client's terms. */
async function isRightUser(
  context: ServerContext,
  { request, client }: LoginQuestion,
  subject: string,
): Promise<boolean> {
  const hinted = request.idTokenHint?.subject;
  const named = idTokenClaim(request, 'sub')?.values;
  if (hinted === undefined && named === undefined) return true;
  const sub = await subjectIdentifier(context, client, subject);
  return (hinted ?? sub) === sub && (named ?? [sub]).includes(sub);
}

/** AS-172: voluntary values ask for nothing that could fail. */
function essentialAcr(request: AuthorizationRequest): readonly string[] | undefined {
  const acr = idTokenClaim(request, 'acr');
  if (acr?.essential !== true) return undefined;
  return acr.values?.filter((value) => typeof value === 'string');
}

function idTokenClaim(request: AuthorizationRequest, name: string): ClaimRequest | undefined {
  const claims = request.claims?.id_token;
  return claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
}
