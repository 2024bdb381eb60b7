import type { Seconds } from '@keybound/core';
import type { ClientMetadata, ClientSecret } from '../extension/client.js';

/** A client that registered itself. RFC 7591, RFC 7592. Times in seconds. */
export interface ClientRecord {
  /** At most 2,048 characters of printable ASCII. Never given twice. */
  readonly id: string;
  /** 1 at first; grows by one with every change. */
  readonly version: number;
  readonly metadata: ClientMetadata;
  readonly secrets: readonly ClientSecret[];
  /** base64url of the SHA-256 of the registration access token. */
  readonly registrationTokenHash: string;
  readonly standing: 'verified' | 'unverified';
  readonly createdAt: Seconds;
  /** Until its first use, an unverified client ends here (AS-216); undefined for one that does not. */
  readonly unusedExpiresAt: Seconds | undefined;
}

/**
 * Contract test: `describeClientStore` in `@keybound/testing`. Every method is one atomic step. Metadata
 * are any JSON, as in `GrantStore`; and as there, nothing is found under an impossible name.
 *
 * @throws StoreUnavailableError from every method, when it cannot answer.
 */
export interface ClientStore {
  readonly sharing: 'process' | 'shared';
  /** @returns False where the identifier is taken. */
  add(record: ClientRecord): Promise<boolean>;
  /** Undefined for one that was not used until its `unusedExpiresAt`; the store drops it by itself. */
  find(clientId: string, now: Seconds): Promise<ClientRecord | undefined>;
  /**
   * Replaces all of it, but for a client that was used: its `unusedExpiresAt` stays undefined, whatever
   * the record says, since the use may have come after the record was read.
   *
   * @returns False where it is gone, or its version is not `record.version - 1`.
   */
  replace(record: ClientRecord): Promise<boolean>;
  /** @returns False where it is gone already. */
  remove(clientId: string): Promise<boolean>;
  /** It stays from now on, and its version as it is. Does nothing for one that is gone. */
  markUsed(clientId: string): Promise<void>;
}
