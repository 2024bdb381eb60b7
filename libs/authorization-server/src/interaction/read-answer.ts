import { seconds, type Seconds } from '@keybound/core';
import { isWithinOne } from '../authorization-details/is-within-one.js';
import type { InteractionAnswer } from '../extension/interaction.js';
import { isPossibleSubject } from '../issuing/subject-identifier.js';
import type { ServerContext } from '../server/server-context.js';
import type { InteractionProgress, InteractionRecord } from '../storage/grant-records.js';
import type { UserLogin } from './user-login.js';

/** How far the clocks of instances, and of whoever logs users in, may be apart. THR-65. */
const skewSeconds = 10;

/**
 * The host's account of a login, which is trusted but for what it cannot be.
 *
 * @param startedAt When the interaction began, by the clock of the instance that began it. A login of
 *   just now is later, whatever the clocks say.
 * @throws TypeError for a subject or a time that is impossible, or a login too old for the request.
 */
export function readLogin(
  { request }: InteractionRecord,
  login: NonNullable<InteractionAnswer['login']>,
  { startedAt, now }: { readonly startedAt: Seconds; readonly now: Seconds },
): UserLogin {
  const { subject, authTime: toldTime = now, acr, amr = [] } = login;
  if (typeof subject !== 'string' || !isPossibleSubject(subject)) {
    throw new TypeError('A subject has 1 to 255 printable ASCII characters (AS-179).');
  }
  if (!Number.isSafeInteger(toldTime) || toldTime < 0 || toldTime > now + skewSeconds) {
    throw new TypeError('authTime is a moment that has passed, in whole seconds.');
  }
  const authTime = seconds(Math.min(toldTime, now));
  const renewed = request.prompt?.includes('login') === true || request.maxAge === 0;
  const oldest = renewed
    ? Math.min(startedAt, now - skewSeconds)
    : now - (request.maxAge ?? Infinity);
  if (authTime < oldest) {
    throw new TypeError('The request asks for a newer login than the host reports (AS-171).');
  }
  return { subject, authTime, acr, amr, sid: undefined };
}

/**
 * What the user allowed: no more than was asked, and perhaps less (AS-256).
 *
 * @param grantable Of the request's scopes, those that the user could be asked for.
 * @throws TypeError for anything that was not asked.
 */
export function readConsent(
  context: ServerContext,
  { request }: InteractionRecord,
  consent: NonNullable<InteractionAnswer['consent']>,
  grantable: readonly string[],
): NonNullable<InteractionProgress['consent']> {
  const {
    scopes = grantable,
    authorizationDetails = request.authorizationDetails,
    remember = false,
  } = consent;
  const granted = new Set(scopes);
  for (const scope of granted) {
    if (!grantable.includes(scope)) throw new TypeError(`The scope "${scope}" was not asked for.`);
  }
  if (authorizationDetails !== request.authorizationDetails) {
    const types = context.extensions.authorizationDetailsTypes;
    for (const detail of authorizationDetails) {
      if (!isWithinOne(types, detail, request.authorizationDetails)) {
        throw new TypeError(`Authorization details of "${detail.type}" go beyond the request.`);
      }
    }
  }
  return { scopes: [...granted], authorizationDetails, remember };
}
