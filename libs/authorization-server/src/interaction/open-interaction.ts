import { seconds } from '@keybound/core';
import { redirectAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import { freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import { browserCookie, setCookie } from '../session/cookies.js';
import type { SessionRecord } from '../storage/session-store.js';
import type { ReadyAuthorization } from './ready-authorization.js';
import type { UserLogin } from './user-login.js';

/** Who is in front of the browser. */
export interface InteractionStart {
  readonly session: SessionRecord | undefined;
  /** Where the session's user need not log in again. */
  readonly login: UserLogin | undefined;
}

/**
 * Keeps a request for its user, and sends the browser to the host's pages. AS-20.
 *
 * Each has a record and a cookie of its own, whatever other tabs do (AS-27).
 */
export async function openInteraction(
  context: ServerContext,
  { request, http, pushedRequestHash }: ReadyAuthorization,
  { session, login }: InteractionStart,
): Promise<EndpointAnswer> {
  const { url, lifetimeSeconds } = context.configuration.interactions;
  const id = freshSecret('interaction');
  const hash = await hashOf(id);
  const browser = freshSecret('browser');
  const record = {
    hash,
    version: 1,
    browserHash: await hashOf(browser),
    request,
    pushedRequestHash,
    sessionHash: session?.hash,
    answered: { login, consent: undefined, rejected: false, ticketHash: undefined },
    expiresAt: seconds(http.now + lifetimeSeconds),
  };
  await context.stores.grants.saveInteraction(record, http.now);
  return redirectAnswer(url(id), [setCookie(browserCookie(hash), browser, lifetimeSeconds)]);
}
