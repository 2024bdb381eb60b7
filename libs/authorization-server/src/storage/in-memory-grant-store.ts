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
import type {
  AccessTokenName,
  AuthorizationCompletion,
  GrantStore,
  IssuedRecords,
  RedeemOutcome,
  RefreshOutcome,
  RefreshUse,
} from './grant-store.js';
import { AccessTokenTable } from './in-memory/access-token-table.js';
import { CodeTable } from './in-memory/code-table.js';
import { ConsentTable } from './in-memory/consent-table.js';
import type { ExpiringTable } from './in-memory/expiring-table.js';
import { frozenCopy } from './in-memory/frozen-copy.js';
import { GrantTable } from './in-memory/grant-table.js';
import { PendingAuthorizations } from './in-memory/pending-authorizations.js';
import { RefreshTokenEntry } from './in-memory/refresh-token-entry.js';
import { Room, type InMemoryStoreOptions } from './in-memory/room.js';

const maxConsents = 100_000;

/**
 * A {@link GrantStore} for one process. What it knows is lost when the process ends, and other
 * processes do not see it: several instances need a shared store.
 *
 * No method waits for anything, so each runs to its end before another begins; and what may throw, a
 * store that is full and the copying of records, comes before the first change.
 */
export class InMemoryGrantStore implements GrantStore {
  readonly sharing = 'process';
  readonly #room: Room;
  /** For what strangers begin: however much it is, tokens are issued, refreshed and revoked. */
  readonly #anteroom: Room;
  readonly #pending: PendingAuthorizations;
  readonly #grants: GrantTable;
  readonly #codes: CodeTable;
  readonly #refreshTokens: ExpiringTable<RefreshTokenEntry>;
  readonly #accessTokens: AccessTokenTable;
  readonly #consents = new ConsentTable(maxConsents);

  /** @throws ConfigurationError for impossible options. */
  constructor(options: InMemoryStoreOptions = {}) {
    this.#room = new Room(options);
    this.#anteroom = new Room(options);
    this.#pending = new PendingAuthorizations(this.#anteroom);
    this.#grants = new GrantTable(this.#room);
    this.#codes = new CodeTable(this.#room);
    this.#refreshTokens = this.#room.table();
    this.#accessTokens = new AccessTokenTable(this.#room);
  }

  /** Records that take memory; remembered consents, of which there are 100,000 at most, apart. */
  get records(): number {
    return this.#room.records + this.#anteroom.records;
  }

  async savePushedRequest(record: PushedRequestRecord, now?: Seconds): Promise<void> {
    this.#anteroom.make(1, now);
    this.#pending.savePushed(frozenCopy(record));
  }

  async findPushedRequest(hash: string, now: Seconds): Promise<PushedRequestRecord | undefined> {
    return this.#pending.findPushed(hash, now);
  }

  async saveInteraction(record: InteractionRecord, now?: Seconds): Promise<void> {
    this.#anteroom.make(1, now);
    this.#pending.saveInteraction(frozenCopy(record));
  }

  async findInteraction(hash: string, now: Seconds): Promise<InteractionRecord | undefined> {
    return this.#pending.findInteraction(hash, now);
  }

  async advanceInteraction(record: InteractionRecord, now: Seconds): Promise<boolean> {
    const current = this.#pending.findInteraction(record.hash, now);
    if (current?.version !== record.version - 1) return false;
    this.#pending.saveInteraction(frozenCopy(record));
    return true;
  }

  async endInteraction(
    hash: string,
    pushedRequestHash: string | undefined,
    now: Seconds,
  ): Promise<boolean> {
    return this.#pending.end(hash, pushedRequestHash, now);
  }

  async completeAuthorization(completion: AuthorizationCompletion): Promise<boolean> {
    const { interactionHash, pushedRequestHash, grant, code, consent, now } =
      frozenCopy(completion);
    this.#room.make(2, now);
    if (!this.#pending.end(interactionHash, pushedRequestHash, now)) return false;
    this.#begin(grant, code);
    if (consent !== undefined) this.#consents.save(consent);
    return true;
  }

  async findConsent(
    localSubject: string,
    clientId: string,
  ): Promise<RememberedConsent | undefined> {
    return this.#consents.find(localSubject, clientId);
  }

  async forgetConsent(localSubject: string, clientId: string): Promise<void> {
    this.#consents.forget(localSubject, clientId);
  }

  async saveGrantWithCode(grant: GrantRecord, code: CodeRecord): Promise<void> {
    this.#room.make(2, grant.createdAt);
    this.#begin(frozenCopy(grant), frozenCopy(code));
  }

  async findCode(hash: string, now: Seconds): Promise<CodeRecord | undefined> {
    const code = this.#codes.find(hash, now);
    if (code === undefined || code.redeemedAt !== undefined) return code;
    return this.#grants.find(code.grantId, now) === undefined ? undefined : code;
  }

  async noteCodeFailure(hash: string, limit: number, now: Seconds): Promise<void> {
    this.#codes.noteFailure(hash, limit, now);
  }

  async redeemCode(hash: string, issued: IssuedRecords, now: Seconds): Promise<RedeemOutcome> {
    this.#room.make(2, now);
    const { refreshToken, accessToken } = frozenCopy(issued);
    const code = this.#codes.find(hash, now);
    if (code === undefined) return 'gone';
    if (code.redeemedAt !== undefined) {
      this.#grants.revoke(code.grantId);
      return 'reused';
    }
    const grant = this.#grants.find(code.grantId, now);
    if (grant === undefined) return 'gone';
    this.#codes.redeem(code, now);
    this.#grants.noteUse(grant, now);
    if (refreshToken !== undefined) this.#saveRefreshToken(new RefreshTokenEntry(refreshToken));
    if (accessToken !== undefined) this.#accessTokens.save(accessToken);
    return 'redeemed';
  }

  async findGrant(id: string, now: Seconds): Promise<GrantRecord | undefined> {
    return this.#grants.find(id, now);
  }

  async findRefreshToken(hash: string, now: Seconds): Promise<RefreshTokenRecord | undefined> {
    const record = this.#refreshTokens.find(hash, now)?.record;
    if (record === undefined) return undefined;
    return this.#grants.find(record.grantId, now) === undefined ? undefined : record;
  }

  async useRefreshToken(asked: RefreshUse): Promise<RefreshOutcome> {
    const use = frozenCopy(asked);
    const { hash, accessToken, now } = use;
    this.#room.make(2, now);
    const token = this.#refreshTokens.find(hash, now);
    if (token === undefined) return 'gone';
    if (!token.mayBeUsed(use)) {
      this.#grants.revoke(token.record.grantId);
      return 'reused';
    }
    const grant = this.#grants.find(token.record.grantId, now);
    if (grant === undefined) return 'gone';
    const successor = token.use(use);
    this.#saveRefreshToken(token);
    if (successor !== undefined) this.#saveRefreshToken(successor);
    if (accessToken !== undefined) this.#accessTokens.save(accessToken);
    this.#grants.noteUse(grant, now);
    return 'refreshed';
  }

  async revokeGrant(id: string, _now: Seconds): Promise<void> {
    this.#grants.revoke(id);
  }

  async revokeGrantsOfClient(clientId: string, _now: Seconds): Promise<void> {
    this.#grants.revokeOfClient(clientId);
    this.#consents.forgetOfClient(clientId);
  }

  async revokeGrantsOfSubject(
    localSubject: string,
    which: 'all' | 'online',
    _now: Seconds,
  ): Promise<void> {
    this.#grants.revokeOfSubject(localSubject, which);
  }

  async listGrants(localSubject: string, now: Seconds): Promise<readonly ListedGrant[]> {
    return this.#grants.list(localSubject, now);
  }

  async saveAccessToken(record: AccessTokenRecord, now?: Seconds): Promise<void> {
    this.#room.make(1, now);
    this.#accessTokens.save(frozenCopy(record));
  }

  async findAccessToken(hash: string, now: Seconds): Promise<AccessTokenRecord | undefined> {
    const record = this.#accessTokens.find(hash, now);
    return record !== undefined && this.#isActive(record, now) ? record : undefined;
  }

  async revokeAccessToken(jti: string, until: Seconds, now: Seconds): Promise<void> {
    this.#room.make(1, now);
    this.#accessTokens.revoke(jti, until);
  }

  async isAccessTokenActive(token: AccessTokenName, now: Seconds): Promise<boolean> {
    return this.#isActive(token, now);
  }

  #begin(grant: GrantRecord, code: CodeRecord): void {
    this.#grants.save(grant, code.expiresAt);
    this.#codes.save(code);
  }

  #saveRefreshToken(entry: RefreshTokenEntry): void {
    const { hash, idleExpiresAt } = entry.record;
    this.#refreshTokens.set(hash, entry, idleExpiresAt);
  }

  #isActive({ jti, grantId }: AccessTokenName, now: Seconds): boolean {
    if (this.#accessTokens.isRevoked(jti, now)) return false;
    return grantId === undefined || this.#grants.find(grantId, now) !== undefined;
  }
}
