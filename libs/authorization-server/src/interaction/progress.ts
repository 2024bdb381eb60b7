import { seconds } from '@keybound/core';
import type { InteractionAnswer } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import type { InteractionProgress, InteractionRecord } from '../storage/grant-records.js';
import type { OpenInteraction } from './find-interaction.js';
import { grantableScopes } from './grantable-scopes.js';
import { readConsent, readLogin } from './read-answer.js';

/**
 * What is answered after one more answer. A login that comes along makes everything before it void:
 * whatever another user allowed is not theirs.
 *
 * @throws TypeError for an answer that leaves out what was asked, or says what cannot be.
 */
export function progressAfter(
  context: ServerContext,
  { record, client }: OpenInteraction,
  answer: InteractionAnswer,
): InteractionProgress {
  checkComplete(record, answer);
  const now = context.clock.now();
  const startedAt = seconds(record.expiresAt - context.configuration.interactions.lifetimeSeconds);
  const login =
    answer.login === undefined
      ? record.answered.login
      : readLogin(record, answer.login, { startedAt, now });
  const consent =
    answer.consent === undefined
      ? undefined
      : readConsent(context, record, answer.consent, grantableScopes(record.request, client));
  return { login, consent, rejected: false, ticketHash: undefined };
}

/**
 * AS-21: a login answers every question but that for consent; consent is the user's who is there. What
 * was asked goes by what is kept: since the page was shown, the time may have made it another question.
 */
function checkComplete({ answered }: InteractionRecord, answer: InteractionAnswer): void {
  if (answer.login !== undefined) return;
  const asked = answered.login === undefined ? 'login' : 'consent';
  if (asked === 'login' || answer.consent === undefined) {
    throw new TypeError(`The interaction asks for ${asked}, and the answer has none.`);
  }
}
