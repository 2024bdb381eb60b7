import { describe, expect, it } from '@jest/globals';
import {
  InMemoryGrantStore,
  type AccessTokenName,
  type AuthorizationCompletion,
  type CodeRecord,
  type GrantRecord,
  type GrantStore,
  type InteractionRecord,
  type IssuedRecords,
  type ListedGrant,
  type PushedRequestRecord,
  type RedeemOutcome,
  type RefreshOutcome,
  type RefreshTokenRecord,
  type RefreshUse,
} from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';
import { setImmediate as pause } from 'node:timers/promises';
import { contractFailures } from './contract-failures.js';
import { describeGrantStore } from './grant-store.contract.js';

const failuresOf = (make: () => GrantStore, only?: string) =>
  contractFailures(describeGrantStore, make, only);

/** Looks whether a code was redeemed, and notes that it was: two steps, as with any plain table. */
class FindThenRedeem extends InMemoryGrantStore {
  override async redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    const code = await this.findCode(hash, now);
    await pause();
    if (code === undefined) return 'gone';
    if (code.redeemedAt !== undefined) {
      await this.revokeGrant(code.grantId, now);
      return 'reused';
    }
    await super.redeemCode(hash, issued, now);
    return 'redeemed';
  }
}

class FindThenComplete extends InMemoryGrantStore {
  override async completeAuthorization(completion: AuthorizationCompletion) {
    const { interactionHash, pushedRequestHash, grant, code, now } = completion;
    const [interaction, pushed] = await Promise.all([
      interactionHash === undefined ? true : this.findInteraction(interactionHash, now),
      pushedRequestHash === undefined ? true : this.findPushedRequest(pushedRequestHash, now),
    ]);
    await pause();
    if (interaction === undefined || pushed === undefined) return false;
    await this.saveGrantWithCode(grant, code);
    await this.endInteraction(interactionHash ?? '', pushedRequestHash, now);
    return true;
  }
}

class FindThenRotate extends InMemoryGrantStore {
  override async useRefreshToken(use: RefreshUse): Promise<RefreshOutcome> {
    const token = await this.findRefreshToken(use.hash, use.now);
    await pause();
    if (token === undefined) return 'gone';
    const isFirst = token.retiredAt === undefined && use.successor !== undefined;
    return super.useRefreshToken(isFirst ? { ...use, graceSeconds: 1 } : use);
  }
}

class FindThenAdvance extends InMemoryGrantStore {
  override async advanceInteraction(record: InteractionRecord, now: Seconds) {
    const current = await this.findInteraction(record.hash, now);
    await pause();
    if (current?.version !== record.version - 1) return false;
    await this.saveInteraction(record);
    return true;
  }
}

class FindThenNoteFailure extends InMemoryGrantStore {
  override async noteCodeFailure(hash: string, limit: number, now: Seconds) {
    const code = await this.findCode(hash, now);
    const grant = await this.findGrant(code?.grantId ?? '', now);
    await pause();
    if (code === undefined || code.failures + 1 >= limit) {
      return super.noteCodeFailure(hash, 0, now);
    }
    if (grant !== undefined && code.redeemedAt === undefined) {
      await this.saveGrantWithCode(grant, { ...code, failures: code.failures + 1 });
    }
  }
}

/** The tokens of a refresh are written after it, as if they had no part in it. */
class RefreshThenSave extends InMemoryGrantStore {
  override async useRefreshToken(use: RefreshUse): Promise<RefreshOutcome> {
    const outcome = await super.useRefreshToken({ ...use, accessToken: undefined });
    if (outcome === 'refreshed' && use.accessToken) await this.saveAccessToken(use.accessToken);
    return outcome;
  }
}

class EndsInTwoSteps extends InMemoryGrantStore {
  override async endInteraction(hash: string, pushedRequestHash: string | undefined, now: Seconds) {
    const found = await this.findInteraction(hash, now);
    await pause();
    await super.endInteraction(hash, pushedRequestHash, now);
    return found !== undefined;
  }
}

class DoesNotRevokeOnReuse extends InMemoryGrantStore {
  override async redeemCode(
    hash: string,
    issued: IssuedRecords,
    now: Seconds,
  ): Promise<RedeemOutcome> {
    const code = await this.findCode(hash, now);
    return code?.redeemedAt === undefined ? super.redeemCode(hash, issued, now) : 'reused';
  }

  override async useRefreshToken(use: RefreshUse): Promise<RefreshOutcome> {
    const token = await this.findRefreshToken(use.hash, use.now);
    const isOver = (token?.retiredAt ?? Infinity) + use.graceSeconds <= use.now;
    return isOver ? 'reused' : super.useRefreshToken(use);
  }
}

class ForgetsExpiredCodes extends InMemoryGrantStore {
  override async redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    const code = await this.findCode(hash, now);
    return code !== undefined && code.expiresAt > now
      ? super.redeemCode(hash, issued, now)
      : 'gone';
  }
}

class IssuesToLosers extends InMemoryGrantStore {
  override async redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    const outcome = await super.redeemCode(hash, issued, now);
    if (outcome !== 'redeemed' && issued.refreshToken !== undefined) {
      this.issued.set(issued.refreshToken.hash, issued.refreshToken);
    }
    return outcome;
  }

  override async findRefreshToken(hash: string, now: Seconds) {
    return this.issued.get(hash) ?? super.findRefreshToken(hash, now);
  }

  readonly issued = new Map<string, RefreshTokenRecord>();
}

class ASecondLate extends InMemoryGrantStore {
  override redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    return super.redeemCode(hash, issued, seconds(now - 1));
  }

  override useRefreshToken(use: RefreshUse) {
    return super.useRefreshToken({ ...use, now: seconds(use.now - 1) });
  }

  override completeAuthorization(completion: AuthorizationCompletion) {
    return super.completeAuthorization({ ...completion, now: seconds(completion.now - 1) });
  }

  override findPushedRequest(hash: string, now: Seconds) {
    return super.findPushedRequest(hash, seconds(now - 1));
  }

  override findInteraction(hash: string, now: Seconds) {
    return super.findInteraction(hash, seconds(now - 1));
  }
}

class ASecondEarly extends InMemoryGrantStore {
  override redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    return super.redeemCode(hash, issued, seconds(now + 1));
  }

  override useRefreshToken(use: RefreshUse) {
    return super.useRefreshToken({ ...use, now: seconds(use.now + 1) });
  }

  override completeAuthorization(completion: AuthorizationCompletion) {
    return super.completeAuthorization({ ...completion, now: seconds(completion.now + 1) });
  }

  override findPushedRequest(hash: string, now: Seconds) {
    return super.findPushedRequest(hash, seconds(now + 1));
  }
}

class NeverBurns extends InMemoryGrantStore {
  override noteCodeFailure(hash: string, _limit: number, now: Seconds) {
    return super.noteCodeFailure(hash, Infinity, now);
  }
}

class AlwaysGrace extends InMemoryGrantStore {
  override useRefreshToken(use: RefreshUse) {
    return super.useRefreshToken({ ...use, graceSeconds: 10 });
  }
}

class NoGrace extends InMemoryGrantStore {
  override useRefreshToken(use: RefreshUse) {
    return super.useRefreshToken({ ...use, graceSeconds: 0 });
  }
}

/** Takes a token for live that was retired in the same second. */
class OrdersByTime extends InMemoryGrantStore {
  override async useRefreshToken(use: RefreshUse): Promise<RefreshOutcome> {
    const token = await this.findRefreshToken(use.hash, use.now);
    return token?.retiredAt === use.now ? 'refreshed' : super.useRefreshToken(use);
  }
}

class RevokesTheNewestOnly extends InMemoryGrantStore {
  override async revokeGrant() {
    // Its tokens were handed out, so leave them.
  }
}

class ForgetsRevocationsOfTokens extends InMemoryGrantStore {
  override async isAccessTokenActive({ grantId }: AccessTokenName, now: Seconds) {
    return grantId === undefined || (await this.findGrant(grantId, now)) !== undefined;
  }
}

class StaysAhead extends InMemoryGrantStore {
  latest = seconds(0);

  override revokeAccessToken(jti: string, until: Seconds, now: Seconds) {
    this.latest = seconds(Math.max(this.latest, now));
    return super.revokeAccessToken(jti, until, this.latest);
  }

  override isAccessTokenActive(token: AccessTokenName, _now: Seconds) {
    return super.isAccessTokenActive(token, this.latest);
  }
}

class TrustsUnknownGrants extends InMemoryGrantStore {
  override async isAccessTokenActive(token: AccessTokenName, now: Seconds) {
    const known = token.grantId !== undefined && (await this.findGrant(token.grantId, now));
    return super.isAccessTokenActive(known ? token : { ...token, grantId: undefined }, now);
  }
}

class ShortensRevocations extends InMemoryGrantStore {
  override async revokeAccessToken(jti: string, until: Seconds) {
    this.until.set(jti, until);
  }

  override async isAccessTokenActive({ jti }: AccessTokenName, now: Seconds) {
    return (this.until.get(jti) ?? -Infinity) <= now;
  }

  readonly until = new Map<string, Seconds>();
}

class RevokesOfflineToo extends InMemoryGrantStore {
  override revokeGrantsOfSubject(localSubject: string, _which: 'all' | 'online', now: Seconds) {
    return super.revokeGrantsOfSubject(localSubject, 'all', now);
  }
}

class TruncatesNames extends InMemoryGrantStore {
  override async revokeGrantsOfClient(clientId: string, now: Seconds) {
    await super.revokeGrantsOfClient(clientId, now);
    await super.revokeGrantsOfClient(clientId.slice(0, -1), now);
  }

  override async revokeGrantsOfSubject(subject: string, which: 'all' | 'online', now: Seconds) {
    await super.revokeGrantsOfSubject(subject, which, now);
    await super.revokeGrantsOfSubject(subject.slice(0, -1), which, now);
  }
}

class ListsOldestFirst extends InMemoryGrantStore {
  override async listGrants(localSubject: string, now: Seconds): Promise<readonly ListedGrant[]> {
    return (await super.listGrants(localSubject, now)).toReversed();
  }
}

class DropsWithThePush extends InMemoryGrantStore {
  override async findInteraction(hash: string, now: Seconds) {
    const found = await super.findInteraction(hash, now);
    const pushedRequestHash = found?.pushedRequestHash;
    if (pushedRequestHash === undefined) return found;
    return (await this.findPushedRequest(pushedRequestHash, now)) === undefined ? undefined : found;
  }
}

class ForgetsWhereItCameFrom extends InMemoryGrantStore {
  override saveInteraction(record: InteractionRecord) {
    return super.saveInteraction({ ...record, pushedRequestHash: undefined });
  }
}

/** What a column of bounded text makes of a record. */
class CutsText extends InMemoryGrantStore {
  override savePushedRequest(record: PushedRequestRecord) {
    const state = record.request.state?.slice(0, 3);
    return super.savePushedRequest({ ...record, request: { ...record.request, state } });
  }
}

/** What a store makes of a record that keeps it as JSON, as it may. */
class WritesJson extends InMemoryGrantStore {
  override savePushedRequest(record: PushedRequestRecord) {
    return super.savePushedRequest(JSON.parse(JSON.stringify(record)) as PushedRequestRecord);
  }

  override saveInteraction(record: InteractionRecord) {
    return super.saveInteraction(JSON.parse(JSON.stringify(record)) as InteractionRecord);
  }
}

/** What a column of text makes of a name. */
class FoldsCase extends InMemoryGrantStore {
  override saveGrantWithCode(grant: GrantRecord, code: CodeRecord) {
    return super.saveGrantWithCode(grant, { ...code, hash: code.hash.toLowerCase() });
  }

  override findCode(hash: string, now: Seconds) {
    return super.findCode(hash.toLowerCase(), now);
  }

  override redeemCode(hash: string, issued: IssuedRecords, now: Seconds) {
    return super.redeemCode(hash.toLowerCase(), issued, now);
  }
}

class ThrowsForOddNames extends InMemoryGrantStore {
  override findCode(hash: string, now: Seconds) {
    if (hash.includes('\u0000')) throw new RangeError('invalid byte sequence');
    return super.findCode(hash, now);
  }
}

class KeepsReferences extends InMemoryGrantStore {
  override async saveGrantWithCode(grant: GrantRecord, code: CodeRecord) {
    await super.saveGrantWithCode(grant, code);
    this.grants.set(grant.id, grant);
  }

  override async findGrant(id: string, now: Seconds) {
    const found = await super.findGrant(id, now);
    return found === undefined ? undefined : (this.grants.get(id) ?? found);
  }

  readonly grants = new Map<string, GrantRecord>();
}

class RemembersTheFirstConsent extends InMemoryGrantStore {
  override async completeAuthorization(completion: AuthorizationCompletion) {
    const { consent } = completion;
    const known = consent && (await this.findConsent(consent.localSubject, consent.clientId));
    return super.completeAuthorization({ ...completion, consent: known ?? consent });
  }
}

// That it passes a store that is right is shown where the in-memory store is tested.
describe('describeGrantStore', () => {
  it.each([
    ['AS-64 THR-49 THR-93 lets exactly one of 25 redemptions win', FindThenRedeem],
    [
      'AS-64 THR-49 THR-93 lets exactly one of 25 redemptions win, when answers are late',
      FindThenRedeem,
    ],
    ['AS-64 THR-49 revokes everything after a race for a code', FindThenRedeem],
    ['AS-65 THR-93 redeems a code or burns it, whatever comes first', FindThenRedeem],
    [
      'AS-29 THR-57 THR-93 lets exactly one of 25 completions of an interaction win',
      FindThenComplete,
    ],
    [
      'AS-34 THR-59 THR-93 lets exactly one of 25 completions of a request URI win',
      FindThenComplete,
    ],
    ['AS-34 THR-93 completes a request URI in one of 25 windows', FindThenComplete],
    ['INV-3 leaves nothing of those who lose a race to complete', FindThenComplete],
    ['AS-23 THR-93 lets a user allow or refuse, never both', EndsInTwoSteps],
    ['AS-23 THR-93 ends an interaction and its pushed request once', EndsInTwoSteps],
    ['AS-71 THR-50 THR-93 rotates for exactly one of 25 without grace', FindThenRotate],
    ['AS-71 THR-50 revokes everything after a race without grace', FindThenRotate],
    ['THR-57 THR-93 lets exactly one of 25 answers advance an interaction', FindThenAdvance],
    ['AS-65 THR-93 counts each of 25 wrong guesses at once', FindThenNoteFailure],
    ['THR-92 refreshes nothing where one of its records fails', RefreshThenSave],
    ['AS-64 THR-49 revokes what a code gave when it is used again', DoesNotRevokeOnReuse],
    ['AS-71 F02 revokes the family of a token used after its grace', DoesNotRevokeOnReuse],
    ['THR-49 knows a redeemed code for ten minutes past its expiry', ForgetsExpiredCodes],
    ['THR-49 knows a redeemed code for ten minutes past its expiry', ASecondLate],
    ['INV-3 issues nothing for a code that was used', IssuesToLosers],
    ['AS-17 redeems up to the last second of a code', ASecondLate],
    ['AS-17 redeems up to the last second of a code', ASecondEarly],
    ['AS-29 completes up to the last second of the interaction', ASecondLate],
    ['AS-29 completes up to the last second of the interaction', ASecondEarly],
    ['AS-34 finds a pushed request again and again, until it expires', ASecondLate],
    ['AS-34 finds a pushed request again and again, until it expires', ASecondEarly],
    ['AS-20 keeps an interaction as it was, until it expires', ASecondLate],
    ['AS-73 F08 ends a token that idles, to the second', ASecondLate],
    ['AS-73 F08 ends a token that idles, to the second', ASecondEarly],
    ['AS-73 F08 ends every token with its grant, to the second', ASecondLate],
    ['AS-65 burns a code at the last wrong guess, and no sooner', NeverBurns],
    ['AS-72 F04 gives no grace where it is switched off', AlwaysGrace],
    ['AS-72 gives a sibling within the grace, and not after', NoGrace],
    ['THR-50 orders by who replaced whom within one second', OrdersByTime],
    ['AS-72 THR-50 gives no grace to a token whose sibling was used', OrdersByTime],
    ['AS-141 revokes a grant and all that was issued from it', RevokesTheNewestOnly],
    ['THR-50 leaves nothing alive where a refresh meets a revocation', RevokesTheNewestOnly],
    ['AS-141 revokes one access token and no other', ForgetsRevocationsOfTokens],
    ['THR-65 revokes on when a clock that leapt ahead is put right', StaysAhead],
    ['INV-9 takes an access token of an unknown grant for dead', TrustsUnknownGrants],
    ['AS-141 keeps a revoked `jti` as long as its token lasts', ShortensRevocations],
    ['AS-73 AS-276 revokes what a user has online, or everything', RevokesOfflineToo],
    ['AS-73 AS-276 revokes what a user has online, or everything', TruncatesNames],
    ['OIDC-27 revokes every grant of a client that is gone', TruncatesNames],
    ['AS-276 lists what a user allowed, newest first', ListsOldestFirst],
    ['AS-34 lets a user take longer than a pushed request lasts', DropsWithThePush],
    ['THR-59 begins nothing from a request URI that is over', ForgetsWhereItCameFrom],
    ['AS-270 keeps a pushed request as it was', CutsText],
    ['THR-58 tells names apart that differ in case alone', FoldsCase],
    ['INV-1 finds nothing under a name that is none', ThrowsForOddNames],
    ['AS-270 keeps a copy, which nobody else can change', KeepsReferences],
    ['AS-25 remembers a consent, the newest for each user and client', RemembersTheFirstConsent],
  ])('%s: fails %p', async (title, Wrong) => {
    expect(await failuresOf(() => new Wrong(), title)).toEqual([title]);
  });

  it.each([
    'AS-270 keeps a pushed request as it was',
    'AS-20 keeps an interaction as it was, until it expires',
  ])('%s: takes records kept as JSON', async (title) => {
    expect(await failuresOf(() => new WritesJson(), title)).toEqual([]);
  });
});
