/*
 * Times are whole seconds. `body` is JSON text: any JSON can stand in it, which neither the text nor the
 * `jsonb` of PostgreSQL can say of themselves. Yes and no are 1 and 0. Hashes and names are ASCII.
 */

export interface PushedRequestTable {
  readonly hash: string;
  readonly body: string;
  readonly expires_at: number;
  /** Later than `expires_at` while interactions that came of it last. */
  readonly ends_at: number;
}

export interface InteractionTable {
  readonly hash: string;
  readonly version: number;
  readonly pushed_request_hash: string | null;
  readonly body: string;
  readonly ends_at: number;
}

export interface GrantTable {
  readonly id: string;
  readonly client_id: string;
  readonly local_subject: string;
  readonly offline: number;
  readonly body: string;
  readonly created_at: number;
  readonly last_used_at: number;
  /** When it ends once its code is redeemed. */
  readonly expires_at: number;
  /** When it ends as things are. */
  readonly ends_at: number;
  readonly revoked: number;
}

export interface CodeTable {
  readonly hash: string;
  readonly grant_id: string;
  readonly body: string;
  readonly expires_at: number;
  readonly failures: number;
  readonly burnt: number;
  readonly redeemed_at: number | null;
  /** Until then a second use is recognised. */
  readonly ends_at: number;
}

export interface RefreshTokenTable {
  readonly hash: string;
  readonly grant_id: string;
  readonly parent_hash: string | null;
  readonly body: string;
  /** JSON; it changes with every use. */
  readonly binding: string | null;
  readonly last_used_at: number;
  readonly ends_at: number;
  /** When a successor took its place. */
  readonly replaced_at: number | null;
  /** When another successor of the same token was used. */
  readonly passed_over_at: number | null;
  /** Whether one of its successors was used. */
  readonly succeeded: number;
}

export interface AccessTokenTable {
  readonly hash: string;
  readonly jti: string;
  readonly grant_id: string | null;
  readonly body: string;
  readonly ends_at: number;
}

export interface RevokedTokenTable {
  readonly jti: string;
  readonly ends_at: number;
}

export interface ConsentTable {
  readonly local_subject: string;
  readonly client_id: string;
  readonly body: string;
}

export interface ClientTable {
  readonly id: string;
  readonly version: number;
  readonly body: string;
  /** Null for one that stays. */
  readonly ends_at: number | null;
}

export interface SessionTable {
  readonly hash: string;
  readonly body: string;
  /** JSON: a list of names. */
  readonly client_ids: string;
  readonly last_seen_at: number;
  readonly ends_at: number;
}

export interface CountTable {
  /** base64url of the SHA-256 of what is counted. */
  readonly name: string;
  readonly attempts: number;
  readonly ends_at: number;
}

export interface SpendTable {
  /** base64url. */
  readonly digest: string;
  readonly ends_at: number;
}

/** One row, named `spends`: what cannot be told of them any more. */
export interface ReplayMemoryTable {
  readonly name: string;
  /** Those that ended by then may have been dropped. */
  readonly forgotten_until: number;
  /** See `noteLife`; null before the first, and after an orderly end. */
  readonly life: number | null;
  /** Who had it open in this life and did not close it, at most; for files. */
  readonly open_by: number;
  /** Those that could be used before may have been, and the note of it lost. */
  readonly reaches_back_to: number;
}

export interface KeyRingTable {
  readonly name: string;
  readonly version: number;
  readonly sealed: string;
}

/** What was done to the schema, by name. */
export interface MigrationTable {
  readonly name: string;
}

/** The schema, as of the last migration. */
export interface Tables {
  readonly keybound_pushed_request: PushedRequestTable;
  readonly keybound_interaction: InteractionTable;
  readonly keybound_grant: GrantTable;
  readonly keybound_code: CodeTable;
  readonly keybound_refresh_token: RefreshTokenTable;
  readonly keybound_access_token: AccessTokenTable;
  readonly keybound_revoked_token: RevokedTokenTable;
  readonly keybound_consent: ConsentTable;
  readonly keybound_client: ClientTable;
  readonly keybound_session: SessionTable;
  readonly keybound_count: CountTable;
  readonly keybound_spend: SpendTable;
  readonly keybound_replay_memory: ReplayMemoryTable;
  readonly keybound_key_ring: KeyRingTable;
  readonly keybound_migration: MigrationTable;
}
