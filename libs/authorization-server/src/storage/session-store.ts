import type { Seconds } from '@keybound/core';

/** A browser in which somebody is logged in. AS-26. Times in seconds. */
export interface SessionRecord {
  /** base64url of the SHA-256 of the cookie's value. */
  readonly hash: string;
  /** Public, in ID tokens; the same while the login lasts. */
  readonly sid: string;
  readonly subject: string;
  readonly authTime: Seconds;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** Clients that it was used for, for logout; each once, in any order. */
  readonly clientIds: readonly string[];
  readonly lastSeenAt: Seconds;
  /** Absolute. */
  readonly expiresAt: Seconds;
}

/**
 * Contract test: `describeSessionStore` in `@keybound/testing`. Every method is one atomic step; nothing
 * is found under an impossible name.
 *
 * @throws StoreUnavailableError from every method, when it cannot answer.
 */
export interface SessionStore {
  readonly sharing: 'process' | 'shared';
  /** Begins a session and ends the one that the browser had, in one step: no moment has both. */
  start(session: SessionRecord, replacing: string | undefined): Promise<void>;
  /**
   * Changes nothing.
   *
   * @param idleSeconds A session that was not seen for so long is over.
   */
  find(hash: string, idleSeconds: number, now: Seconds): Promise<SessionRecord | undefined>;
  /**
   * Notes that it was seen, and used for a client. Does not bring back one that ended, nor let it be
   * seen earlier than before. Whether it was idle for too long is not known here: find it first.
   */
  touch(hash: string, clientId: string, now: Seconds): Promise<void>;
  /** @returns What it was, where it was there. */
  end(hash: string): Promise<SessionRecord | undefined>;
}
