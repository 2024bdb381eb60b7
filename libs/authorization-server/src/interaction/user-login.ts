import type { InteractionProgress } from '../storage/grant-records.js';
import type { SessionRecord } from '../storage/session-store.js';

/**
 * Who answers, and how they logged in: in a session that was there before, which `sid` names, or for
 * this very request, where `sid` is undefined still.
 */
export type UserLogin = NonNullable<InteractionProgress['login']>;

export function loginOf({ subject, authTime, acr, amr, sid }: SessionRecord): UserLogin {
  return { subject, authTime, acr, amr, sid };
}

/** Whether the user logged in for this very request. */
export function isFresh(login: UserLogin): boolean {
  return login.sid === undefined;
}
