import type {
  AccessTokenName,
  AccessTokenRecord,
  AuthorizationCompletion,
  CodeRecord,
  GrantRecord,
  GrantStore,
  InteractionRecord,
  IssuedRecords,
  ListedGrant,
  PushedRequestRecord,
  RedeemOutcome,
  RefreshOutcome,
  RefreshTokenRecord,
  RefreshUse,
  RememberedConsent,
} from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Database, Db } from './database/database.js';
import { isPossibleName } from './database/possible-name.js';
import * as accessTokens from './grants/access-token-rows.js';
import * as codes from './grants/code-rows.js';
import * as consents from './grants/consent-rows.js';
import * as grants from './grants/grant-rows.js';
import * as pending from './grants/pending-authorizations.js';
import * as refreshTokens from './grants/refresh-token-rows.js';

/** Thrown in a transaction to undo it, where something that it needs is gone. */
class Gone extends Error {}

/**
 * A {@link GrantStore} in a database. What a redemption or a refresh changes is one transaction, which
 * holds the grant first and then judges: so all that happens to one grant happens in some order.
 */
export class SqlGrantStore implements GrantStore {
  readonly sharing: 'process' | 'shared';
  readonly #database: Database;
  readonly #db: Db;

  constructor(database: Database) {
    this.sharing = database.sharing;
    this.#database = database;
    this.#db = database.db;
  }

  savePushedRequest(record: PushedRequestRecord): Promise<void> {
    return pending.insertPushedRequest(this.#db, record);
  }

  findPushedRequest(hash: string, now: Seconds): Promise<PushedRequestRecord | undefined> {
    return pending.selectPushedRequest(this.#db, hash, now);
  }

  saveInteraction(record: InteractionRecord): Promise<void> {
    const save = (db: Db) => pending.insertInteraction(db, record);
    return record.pushedRequestHash === undefined
      ? save(this.#db)
      : this.#database.transaction(save);
  }

  findInteraction(hash: string, now: Seconds): Promise<InteractionRecord | undefined> {
    return pending.selectInteraction(this.#db, hash, now);
  }

  advanceInteraction(record: InteractionRecord, now: Seconds): Promise<boolean> {
    const update = (db: Db) => pending.updateInteraction(db, record, now);
    return record.pushedRequestHash === undefined
      ? update(this.#db)
      : this.#database.transaction(update);
  }

  async endInteraction(
    hash: string,
    pushedRequestHash: string | undefined,
    now: Seconds,
  ): Promise<boolean> {
    const outcome = await this.#unlessGone((db) => end(db, hash, pushedRequestHash, now));
    return outcome !== 'gone';
  }

  async completeAuthorization(completion: AuthorizationCompletion): Promise<boolean> {
    const { interactionHash, pushedRequestHash, grant, code, consent, now } = completion;
    const outcome = await this.#unlessGone(async (db) => {
      await end(db, interactionHash, pushedRequestHash, now);
      await begin(db, grant, code);
      if (consent !== undefined) await consents.saveConsent(db, consent);
    });
    return outcome !== 'gone';
  }

  findConsent(localSubject: string, clientId: string): Promise<RememberedConsent | undefined> {
    return consents.selectConsent(this.#db, localSubject, clientId);
  }

  forgetConsent(localSubject: string, clientId: string): Promise<void> {
    return consents.deleteConsent(this.#db, localSubject, clientId);
  }

  saveGrantWithCode(grant: GrantRecord, code: CodeRecord): Promise<void> {
    return this.#database.transaction((db) => begin(db, grant, code));
  }

  findCode(hash: string, now: Seconds): Promise<CodeRecord | undefined> {
    return codes.selectCode(this.#db, hash, now);
  }

  noteCodeFailure(hash: string, limit: number, now: Seconds): Promise<void> {
    return codes.noteFailure(this.#db, hash, limit, now);
  }

  async redeemCode(hash: string, issued: IssuedRecords, now: Seconds): Promise<RedeemOutcome> {
    if (!isPossibleName(hash)) return 'gone';
    return this.#unlessGone(async (db) => {
      const isLive = await grants.noteGrantUse(db, 'code', hash, now);
      if (!isLive || !(await codes.redeemCode(db, hash, now))) {
        const grantId = await codes.grantOfRedeemed(db, hash, now);
        if (grantId === undefined) throw new Gone();
        await grants.revokeGrant(db, grantId);
        return 'reused';
      }
      const { refreshToken, accessToken } = issued;
      if (refreshToken !== undefined) await refreshTokens.insertRefreshToken(db, refreshToken);
      if (accessToken !== undefined) await accessTokens.insertAccessToken(db, accessToken);
      return 'redeemed';
    });
  }

  findGrant(id: string, now: Seconds): Promise<GrantRecord | undefined> {
    return grants.selectGrant(this.#db, id, now);
  }

  findRefreshToken(hash: string, now: Seconds): Promise<RefreshTokenRecord | undefined> {
    return refreshTokens.selectRefreshToken(this.#db, hash, now);
  }

  async useRefreshToken(use: RefreshUse): Promise<RefreshOutcome> {
    const { hash, accessToken, now } = use;
    if (!isPossibleName(hash)) return 'gone';
    return this.#unlessGone(async (db) => {
      const isLive = await grants.noteGrantUse(db, 'refresh token', hash, now);
      const token = await refreshTokens.selectTokenInFamily(db, hash, now);
      if (token === undefined) throw new Gone();
      if (!refreshTokens.mayBeUsed(token, use)) {
        await grants.revokeGrant(db, token.grant_id);
        return 'reused';
      }
      if (!isLive) throw new Gone();
      await refreshTokens.useRefreshToken(db, token, use);
      if (accessToken !== undefined) await accessTokens.insertAccessToken(db, accessToken);
      return 'refreshed';
    });
  }

  revokeGrant(id: string, _now: Seconds): Promise<void> {
    return grants.revokeGrant(this.#db, id);
  }

  async revokeGrantsOfClient(clientId: string, _now: Seconds): Promise<void> {
    if (!isPossibleName(clientId)) return;
    await this.#revokeAll({ column: 'client_id', value: clientId, which: 'all' }, (db) =>
      consents.deleteConsentsFor(db, clientId),
    );
  }

  async revokeGrantsOfSubject(
    localSubject: string,
    which: 'all' | 'online',
    _now: Seconds,
  ): Promise<void> {
    if (!isPossibleName(localSubject)) return;
    await this.#revokeAll({ column: 'local_subject', value: localSubject, which });
  }

  listGrants(localSubject: string, now: Seconds): Promise<readonly ListedGrant[]> {
    return grants.selectGrantsOf(this.#db, localSubject, now);
  }

  saveAccessToken(record: AccessTokenRecord): Promise<void> {
    return accessTokens.insertAccessToken(this.#db, record);
  }

  findAccessToken(hash: string, now: Seconds): Promise<AccessTokenRecord | undefined> {
    return accessTokens.selectAccessToken(this.#db, hash, now);
  }

  revokeAccessToken(jti: string, until: Seconds, _now: Seconds): Promise<void> {
    return accessTokens.revokeAccessToken(this.#db, jti, until);
  }

  isAccessTokenActive(token: AccessTokenName, now: Seconds): Promise<boolean> {
    return accessTokens.isAccessTokenActive(this.#db, token, now);
  }

  /**
   * One step for five thousand grants: more of them are revoked step by step, so that no step takes
   * longer than a call may. Whoever asks again goes on where it failed.
   */
  async #revokeAll(
    meant: grants.GrantsMeant,
    lastly: (db: Db) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      after = await this.#database.transaction(async (db) => {
        const last = await grants.revokeSomeGrants(this.#database, db, meant, from);
        if (last === undefined) await lastly(db);
        return last;
      });
      if (after !== undefined) await othersTurn();
    }
  }

  /** @returns 'gone', with nothing changed, where {@link Gone} was thrown. */
  async #unlessGone<Outcome>(run: (db: Db) => Promise<Outcome>): Promise<Outcome | 'gone'> {
    try {
      return await this.#database.transaction(run);
    } catch (error) {
      if (error instanceof Gone) return 'gone';
      throw error;
    }
  }
}

/** Uses up both. @throws Gone where one of them is. */
async function end(
  db: Db,
  interactionHash: string | undefined,
  pushedRequestHash: string | undefined,
  now: Seconds,
): Promise<void> {
  let own = pushedRequestHash;
  if (interactionHash !== undefined) {
    const interaction = await pending.deleteInteraction(db, interactionHash, now);
    if (interaction === undefined) throw new Gone();
    own ??= interaction.pushedRequestHash ?? undefined;
  }
  if (own !== undefined && !(await pending.deletePushedRequest(db, own, now))) throw new Gone();
}

async function begin(db: Db, grant: GrantRecord, code: CodeRecord): Promise<void> {
  await grants.insertGrant(db, grant, code.expiresAt);
  await codes.insertCode(db, code);
}
