import type { Rejection } from '@keybound/core';
import type { InteractionReason } from '../extension/interaction.js';
import type { ServerContext } from '../server/server-context.js';
import { asksEveryTime, needsConsent } from './assess-consent.js';
import { assessLogin, type LoginQuestion } from './assess-login.js';
import type { UserLogin } from './user-login.js';

export type Assessment =
  /** @property login Who answers; undefined where that is the first question. */
  | {
      readonly outcome: 'ask';
      readonly reasons: readonly [InteractionReason, ...InteractionReason[]];
      readonly login: UserLogin | undefined;
    }
  /** Whatever the user says, the client gets this error. */
  | { readonly outcome: 'fail'; readonly failure: Rejection }
  | { readonly outcome: 'settled'; readonly login: UserLogin };

/**
 * What a user has still to be asked. Judged anew after every answer, so that no earlier answer counts
 * for another user, and at the end, so that nothing is issued for what no longer holds.
 *
 * @param consented Whether the user of `question.login` has allowed it.
 */
export async function assessInteraction(
  context: ServerContext,
  question: LoginQuestion,
  consented: boolean,
): Promise<Assessment> {
  const { request, client } = question;
  const assessed = await assessLogin(context, question);
  if (assessed.outcome === 'ask') {
    // Of an unknown user it is not known what they allowed before.
    const reasons = asksEveryTime(request, client)
      ? ([...assessed.reasons, 'consent'] as const)
      : assessed.reasons;
    return { outcome: 'ask', reasons, login: undefined };
  }
  if (assessed.outcome === 'fail') return assessed;
  const { login } = assessed;
  return consented || !(await needsConsent(context, request, client, login.subject))
    ? { outcome: 'settled', login }
    : { outcome: 'ask', reasons: ['consent'], login };
}
