import { seconds } from '@keybound/core';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { Login } from '../extension/login.js';
import { freshName, freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import { readCookie, sessionCookie, setCookie } from './cookies.js';

/** A login that begins a session. */
export interface SessionStart {
  readonly login: Login & { readonly subject: string };
  /** The client that the user logged in for. */
  readonly clientId: string;
}

export interface StartedSession {
  readonly sid: string;
  readonly hash: string;
  /** The field that tells the browser. */
  readonly cookie: readonly [name: string, value: string];
}

/**
 * Begins a session under a new identifier, and ends the one that the browser named (AS-26): whoever
 * planted or knew the old one has nothing (THR-57).
 */
export async function startSession(
  context: ServerContext,
  { login, clientId }: SessionStart,
  http: Pick<EndpointRequest, 'view' | 'now'>,
): Promise<StartedSession> {
  const secret = freshSecret('session');
  const sid = freshName('sid');
  const hash = await hashOf(secret);
  const before = readCookie(sessionCookie, http.view.headerValues('cookie'));
  const { subject, authTime, acr, amr } = login;
  await context.stores.sessions.start(
    {
      hash,
      sid,
      subject,
      authTime,
      acr,
      amr,
      clientIds: [clientId],
      lastSeenAt: http.now,
      expiresAt: seconds(http.now + context.configuration.sessions.absoluteSeconds),
    },
    before === undefined ? undefined : await hashOf(before),
  );
  return { sid, hash, cookie: setCookie(sessionCookie, secret) };
}
