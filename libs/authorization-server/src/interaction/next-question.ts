import type { InteractionReason } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import type { InteractionRecord } from '../storage/grant-records.js';
import type { SessionRecord } from '../storage/session-store.js';
import { assessInteraction } from './assess-interaction.js';
import type { OpenInteraction } from './find-interaction.js';
import { loginOf } from './user-login.js';

/** What an open interaction asks next. */
export interface NextQuestion {
  readonly reasons: readonly [InteractionReason, ...InteractionReason[]];
  /** Who is logged in, as far as is known; they may have to log in again. */
  readonly subject: string | undefined;
}

/**
 * Asked by the page that shows the question. A login that was not good enough when the interaction began
 * is asked for still, though another clock or another tab finds it good now: the user is looking at it.
 */
export async function nextQuestion(
  context: ServerContext,
  { record, client }: OpenInteraction,
): Promise<NextQuestion> {
  const { request, answered } = record;
  const session = await sessionOf(context, record);
  const login = answered.login ?? (session === undefined ? undefined : loginOf(session));
  const question = { request, client, login, now: context.clock.now() };
  const assessed = await assessInteraction(context, question, false);
  const asked = answered.login === undefined ? 'login' : 'consent';
  const isAsked =
    assessed.outcome === 'ask' && (asked === 'consent' || assessed.reasons[0] !== 'consent');
  return { reasons: isAsked ? assessed.reasons : [asked], subject: login?.subject };
}

/** The session that the browser had at the beginning, if it lasts. */
async function sessionOf(
  context: ServerContext,
  { sessionHash }: InteractionRecord,
): Promise<SessionRecord | undefined> {
  if (sessionHash === undefined) return undefined;
  const { idleSeconds } = context.configuration.sessions;
  return context.stores.sessions.find(sessionHash, idleSeconds, context.clock.now());
}
