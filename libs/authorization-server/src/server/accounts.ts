import type { JsonObject, Seconds } from '@keybound/core';

/** Who the host's users are. */
export interface Accounts {
  /**
   * Standard and other claims of a user, each under its name, values absent where there is none; a
   * claim is released only where a scope or the `claims` parameter asks for it (AS-177).
   *
   * @param localSubject As given when the user logged in.
   * @returns Undefined for a user who is gone: nothing more is issued.
   * @throws StoreUnavailableError, UpstreamError where nobody can tell now: 503, and nothing is used up.
   */
  claimsOf(localSubject: string): Promise<JsonObject | undefined>;
  /**
   * Ends a user's logins in all browsers: those before that second count no more. For a password that
   * was changed, a device that was lost (AS-73). What clients were granted is ended beside it, by
   * `revokeGrantsOfSubject`, afterwards. Where there is no such method, logins last as sessions do.
   *
   * @returns Seconds; undefined where none was ended.
   * @throws As `claimsOf` does.
   */
  loginsEndedAt?(localSubject: string): Promise<Seconds | undefined>;
}
