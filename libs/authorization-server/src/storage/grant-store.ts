import type { Seconds } from '@keybound/core';
import type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  InteractionRecord,
  ListedGrant,
  PushedRequestRecord,
  RefreshTokenRecord,
  RememberedConsent,
} from './grant-records.js';

/** What one authorization changes, all or nothing. */
export interface AuthorizationCompletion {
  /** Both are used up; the completion fails where one of them is gone already. */
  readonly interactionHash: string | undefined;
  /** The interaction's own, where there is one. Its `expiresAt` does not count any more. */
  readonly pushedRequestHash: string | undefined;
  readonly grant: GrantRecord;
  /** Of this grant. */
  readonly code: CodeRecord;
  /** Replaces what was remembered for the same user and client. */
  readonly consent: RememberedConsent | undefined;
  readonly now: Seconds;
}

/** What one redemption issues; both are of the code's grant. */
export interface IssuedRecords {
  readonly refreshToken: RefreshTokenRecord | undefined;
  readonly accessToken: AccessTokenRecord | undefined;
}

export type RedeemOutcome =
  /** For the first time. What was issued is kept. */
  | 'redeemed'
  /**
   * Somebody was first. The grant, and with it everything that was issued, is revoked in the same step
   * (THR-49). So it stays, whatever became of the grant, until ten minutes past the code's expiry.
   */
  | 'reused'
  /** Unknown, expired, burnt by wrong guesses, or of a dead grant. Nothing is changed. */
  | 'gone';

/**
 * Judged in this order: an unknown token is gone, a retired one without grace was reused, and one of a
 * dead grant is gone.
 */
export type RefreshOutcome =
  | 'refreshed'
  /** Retired, and without grace. The grant is revoked in the same step (AS-71), or was before. */
  | 'reused'
  /** Unknown, idle for too long, or of a dead grant. Nothing is changed. */
  | 'gone';

export interface RefreshUse {
  readonly hash: string;
  /** The token that takes its place; undefined where it does not rotate, and only its use is noted. */
  readonly successor: RefreshTokenRecord | undefined;
  /** How long after `retiredAt` the answer may be asked for again (AS-72). 0: not at all. */
  readonly graceSeconds: number;
  /** Where it does not rotate: its new end, and the binding to keep. */
  readonly idleExpiresAt: Seconds;
  readonly binding: RefreshTokenRecord['binding'];
  readonly accessToken: AccessTokenRecord | undefined;
  readonly now: Seconds;
}

export interface AccessTokenName {
  readonly jti: string;
  readonly grantId: string | undefined;
}

/**
 * Everything that an authorization, a redemption and a refresh change together. Contract test:
 * `describeGrantStore` in `@keybound/testing`.
 *
 * Every method is one atomic step: of any number of calls at once, on any number of machines, the
 * outcome is that of some order of them; one that throws changed nothing, or everything. Each sees all
 * that was answered before it began, on whichever machine: no method reads from a replica that lags.
 *
 * In SQL, a method is one transaction that first locks the row of its grant (which it finds by the code
 * or token: that never changes) and then judges; where several grants are locked, in the order of their
 * identifiers. In Redis, one script.
 *
 * Names are untrusted: under one that cannot be there, an impossible text for the database included,
 * nothing is found, and nothing is thrown.
 *
 * @throws StoreUnavailableError from every method, when it cannot answer.
 */
export interface GrantStore {
  readonly sharing: 'process' | 'shared';

  /** @param now By which the store may drop what ended; so for all that is saved. */
  savePushedRequest(record: PushedRequestRecord, now?: Seconds): Promise<void>;
  /** As often as asked (AS-34). Undefined once it expired, or was used up. */
  findPushedRequest(hash: string, now: Seconds): Promise<PushedRequestRecord | undefined>;

  /** Its pushed request is kept as long as it lasts, though no longer found once it expired itself. */
  saveInteraction(record: InteractionRecord, now?: Seconds): Promise<void>;
  /** Undefined once it expired or ended, or its pushed request was used up by another. */
  findInteraction(hash: string, now: Seconds): Promise<InteractionRecord | undefined>;
  /** Replaces all of it. @returns False where it is gone, or its version is not `record.version - 1`. */
  advanceInteraction(record: InteractionRecord, now: Seconds): Promise<boolean>;
  /** Uses up it and its pushed request. @returns False, and nothing is changed, where one is gone. */
  endInteraction(
    hash: string,
    pushedRequestHash: string | undefined,
    now: Seconds,
  ): Promise<boolean>;

  /**
   * Until its code is redeemed, a grant ends when the code does.
   *
   * @returns False, and nothing is changed, where the interaction or the pushed request is gone.
   */
  completeAuthorization(completion: AuthorizationCompletion): Promise<boolean>;
  findConsent(localSubject: string, clientId: string): Promise<RememberedConsent | undefined>;
  /** The user is asked again. For a user who withdraws what was remembered (AS-276). */
  forgetConsent(localSubject: string, clientId: string): Promise<void>;

  /** The same for grants without an authorization request: pre-authorized and device codes. */
  saveGrantWithCode(grant: GrantRecord, code: CodeRecord): Promise<void>;
  /** What `redeemCode` would redeem, and what it would call reused. */
  findCode(hash: string, now: Seconds): Promise<CodeRecord | undefined>;
  /**
   * Notes a wrong guess; from the `limit`th on, the code is `gone`. A redeemed code takes no notice.
   *
   * Guesses at once are all judged before the first is noted. Where what is guessed has few bits (a
   * transaction code), count them first, with `CounterStore`.
   */
  noteCodeFailure(hash: string, limit: number, now: Seconds): Promise<void>;
  redeemCode(hash: string, issued: IssuedRecords, now: Seconds): Promise<RedeemOutcome>;

  /** Undefined once it was revoked, or expired, or ended with a code that nobody redeemed. */
  findGrant(id: string, now: Seconds): Promise<GrantRecord | undefined>;
  /**
   * Retired ones too, so that a second use is recognised. Undefined where it is unknown or was idle for
   * too long, and where `findGrant` would not find its grant.
   */
  findRefreshToken(hash: string, now: Seconds): Promise<RefreshTokenRecord | undefined>;
  /**
   * Without a successor: notes the use of a live token, its new idle end and its binding.
   *
   * With one: retires the live token at `now` and saves the successor. A token that was retired by its
   * own use is given one more successor, a sibling of the first, within the grace, as long as none of
   * its successors was used.
   *
   * Any use retires all siblings of the token at `now`: it has no grace, who was retired by a sibling.
   * All this goes by who took whose place, not by times, which may be the same (THR-50).
   */
  useRefreshToken(use: RefreshUse): Promise<RefreshOutcome>;

  /**
   * After it returns, nothing that was issued from it is active, nor becomes so: what is being written
   * at that moment either is revoked with it or fails. Does nothing for a grant that is gone.
   */
  revokeGrant(id: string, now: Seconds): Promise<void>;
  /**
   * Every grant of a client that is gone, and what users remembered for it. OIDC-27. A grant that begins
   * afterwards is not meant: the caller removes the client first.
   *
   * The one exception to single steps, with the next: of thousands of grants, some may be revoked before
   * others, and where it throws, some are. To be asked again, it goes on.
   */
  revokeGrantsOfClient(clientId: string, now: Seconds): Promise<void>;
  /** AS-194, AS-276: `offline` ones stay where only `online` ones are meant. */
  revokeGrantsOfSubject(localSubject: string, which: 'all' | 'online', now: Seconds): Promise<void>;
  /** AS-276. Those that `findGrant` would find, newest first. */
  listGrants(localSubject: string, now: Seconds): Promise<readonly ListedGrant[]>;

  /** Reference tokens of grants without a record (client credentials). */
  saveAccessToken(record: AccessTokenRecord, now?: Seconds): Promise<void>;
  /** Undefined once it expired, or is not active. */
  findAccessToken(hash: string, now: Seconds): Promise<AccessTokenRecord | undefined>;
  /**
   * Whether the store knows the token or not: for JWTs it is a deny list.
   *
   * @param until When it would have expired, and can be forgotten. A later call can only move it on.
   */
  revokeAccessToken(jti: string, until: Seconds, now: Seconds): Promise<void>;
  /**
   * Neither revoked itself nor issued from a grant that `findGrant` would not find: false for an unknown
   * grant. That the token itself has not expired is up to the caller.
   */
  isAccessTokenActive(token: AccessTokenName, now: Seconds): Promise<boolean>;
}
