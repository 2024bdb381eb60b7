import assert from 'node:assert/strict';
import type { GrantStore } from '@keybound/authorization-server';
import { assertKept, at, atOnce, namesOfNothing, type ContractCase } from '../store-contract.js';
import { assertAlive, assertDead, redeemedFamily, unredeemedFamily } from './family.js';
import {
  accessToken,
  completion,
  consent,
  longestClientId,
  longestSubject,
  plainUse,
  refreshToken,
  rotation,
} from './records.js';

const nothing = { refreshToken: undefined, accessToken: undefined };

export function revocationCases(contractCase: ContractCase<GrantStore>): void {
  contractCase('AS-141 revokes a grant and all that was issued from it', async (store) => {
    const [family, bystander] = [await redeemedFamily(store), await redeemedFamily(store)];
    const use = rotation(family.refreshToken);
    await store.useRefreshToken(use);
    for (let time = 0; time < 2; time++) await store.revokeGrant(family.grant.id, at(1));
    await assertDead(store, family, at(1));
    await assertDead(store, { ...family, refreshToken: use.successor }, at(1));
    assert.equal(await store.useRefreshToken(rotation(use.successor)), 'gone');
    assert.equal(await store.useRefreshToken(rotation(family.refreshToken)), 'gone');
    assert.equal(await store.useRefreshToken(plainUse(family.refreshToken)), 'reused');
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(1)), 'reused');
    await assertAlive(store, bystander, at(1));
  });

  contractCase('AS-141 revokes a grant before its code is redeemed', async (store) => {
    const family = await unredeemedFamily(store);
    await store.revokeGrant(family.grant.id, at(0));
    assert.equal(await store.findCode(family.code.hash, at(0)), undefined);
    assert.equal(await store.redeemCode(family.code.hash, family, at(0)), 'gone');
    await assertDead(store, family);
  });

  contractCase('AS-141 does not bring a grant back when the clock goes back', async (store) => {
    const family = await redeemedFamily(store);
    await store.revokeGrant(family.grant.id, at(300));
    await assertDead(store, family, at(-300));
    assert.equal(await store.useRefreshToken(plainUse(family.refreshToken)), 'gone');
  });

  contractCase(
    'THR-50 leaves nothing alive where a redemption meets a revocation',
    async (store) => {
      for (let round = 0; round < 200; round++) {
        const family = await unredeemedFamily(store);
        const acts = [
          () => store.redeemCode(family.code.hash, family, at(0)),
          () => store.revokeGrant(family.grant.id, at(0)),
        ] as (() => Promise<unknown>)[];
        if (round % 2 === 1) acts.reverse();
        await Promise.all(acts.map((act) => act()));
        await assertDead(store, family);
      }
    },
  );

  contractCase('AS-141 revokes one access token and no other', async (store) => {
    const family = await redeemedFamily(store);
    const other = accessToken(family.grant);
    await store.useRefreshToken(plainUse(family.refreshToken, { accessToken: other }));
    for (const revokedAt of [at(0), at(1)]) {
      await store.revokeAccessToken(other.jti, other.expiresAt, revokedAt);
    }
    assert.equal(await store.isAccessTokenActive(other, at(1)), false);
    assert.equal(await store.findAccessToken(other.hash, at(1)), undefined);
    await assertAlive(store, family, at(1));
  });

  contractCase('AS-141 keeps a revoked `jti` as long as its token lasts', async (store) => {
    const { jti } = accessToken(undefined);
    const token = { jti, grantId: undefined };
    assert.equal(await store.isAccessTokenActive(token, at(0)), true);
    await store.revokeAccessToken(jti, at(60), at(0));
    await store.revokeAccessToken(jti, at(30), at(1));
    assert.equal(await store.isAccessTokenActive(token, at(-300)), false);
    assert.equal(await store.isAccessTokenActive(token, at(59)), false);
    // Elsewhere a clock is ten minutes ahead.
    await store.revokeAccessToken(accessToken(undefined).jti, at(700), at(659));
    assert.equal(await store.isAccessTokenActive(token, at(59)), false);
  });

  contractCase('THR-65 revokes on when a clock that leapt ahead is put right', async (store) => {
    const revoke = (jti: string, now: number) =>
      store.revokeAccessToken(jti, at(now + 60), at(now));
    await revoke(accessToken(undefined).jti, 1_000_000);
    const { jti } = accessToken(undefined);
    await revoke(jti, 0);
    for (let other = 0; other < 10; other++) await revoke(accessToken(undefined).jti, 1);
    assert.equal(await store.isAccessTokenActive({ jti, grantId: undefined }, at(59)), false);
  });

  contractCase('AS-123 finds a reference token until it expires', async (store) => {
    const record = accessToken(undefined, { expiresAt: at(60) });
    await store.saveAccessToken(record);
    assertKept(await store.findAccessToken(record.hash, at(59)), record);
    assert.equal(await store.findAccessToken(record.hash, at(60)), undefined);
  });

  contractCase('INV-9 takes an access token of an unknown grant for dead', async (store) => {
    const orphan = accessToken({ id: accessToken(undefined).hash, clientId: 'client-1' });
    await store.saveAccessToken(orphan);
    assert.equal(await store.isAccessTokenActive(orphan, at(0)), false);
    assert.equal(await store.findAccessToken(orphan.hash, at(0)), undefined);
  });

  contractCase('OIDC-27 revokes every grant of a client that is gone', async (store) => {
    const clientId = longestClientId();
    const ours = await atOnce(() => redeemedFamily(store, { grant: { clientId } }));
    const waiting = await unredeemedFamily(store, { grant: { clientId } });
    const other = await redeemedFamily(store, { grant: { clientId: clientId.slice(0, -1) } });
    const [remembered, kept] = [consent({ clientId }), consent()];
    for (const each of [remembered, kept]) {
      await store.completeAuthorization(completion({ consent: each }));
    }
    await store.revokeGrantsOfClient(clientId, at(0));
    for (const family of ours) await assertDead(store, family);
    assert.equal(await store.redeemCode(waiting.code.hash, waiting, at(0)), 'gone');
    assert.equal(await store.findConsent(remembered.localSubject, clientId), undefined);
    assert.ok(await store.findConsent(kept.localSubject, kept.clientId));
    await assertAlive(store, other);
  });

  contractCase('AS-73 AS-276 revokes what a user has online, or everything', async (store) => {
    const localSubject = longestSubject();
    const online = await redeemedFamily(store, { grant: { localSubject, offline: false } });
    const waiting = await unredeemedFamily(store, { grant: { localSubject, offline: false } });
    const offline = await redeemedFamily(store, { grant: { localSubject, offline: true } });
    const other = await redeemedFamily(store, {
      grant: { localSubject: localSubject.slice(0, -1), offline: false },
    });
    await store.revokeGrantsOfSubject(localSubject, 'online', at(0));
    await assertDead(store, online);
    assert.equal(await store.redeemCode(waiting.code.hash, waiting, at(0)), 'gone');
    await assertAlive(store, offline);
    await store.revokeGrantsOfSubject(localSubject, 'all', at(0));
    await assertDead(store, offline);
    await assertAlive(store, other);
  });

  contractCase('AS-276 lists what a user allowed, newest first', async (store) => {
    const localSubject = longestSubject();
    const of = (offset: number, expiresAt = at(10_000)) =>
      redeemedFamily(store, { grant: { localSubject, createdAt: at(offset), expiresAt } });
    const [middle, newest, oldest] = [await of(-5), await of(-1), await of(-9)];
    const [revoked] = [await of(-3), await of(-2, at(50)), await redeemedFamily(store)];
    await store.revokeGrant(revoked.grant.id, at(1));
    await store.useRefreshToken(rotation(middle.refreshToken, { now: at(40) }));
    const listed = await store.listGrants(localSubject, at(50));
    assertKept(listed, [
      { ...newest.grant, lastUsedAt: at(0) },
      { ...middle.grant, lastUsedAt: at(40) },
      { ...oldest.grant, lastUsedAt: at(0) },
    ]);
    await store.revokeGrant(newest.grant.id, at(50));
    await assertDead(store, newest, at(50));
    const left = await store.listGrants(localSubject, at(50));
    assert.deepEqual(
      left.map(({ id }) => id),
      [middle.grant.id, oldest.grant.id],
    );
  });

  contractCase('INV-1 finds nothing under a name that is none', async (store) => {
    for (const name of namesOfNothing) {
      assert.equal(await store.findPushedRequest(name, at(0)), undefined);
      assert.equal(await store.findInteraction(name, at(0)), undefined);
      assert.equal(await store.endInteraction(name, undefined, at(0)), false);
      assert.equal(await store.findConsent(name, name), undefined);
      assert.equal(await store.findCode(name, at(0)), undefined);
      assert.equal(await store.redeemCode(name, nothing, at(0)), 'gone');
      assert.equal(await store.findGrant(name, at(0)), undefined);
      assert.equal(await store.findRefreshToken(name, at(0)), undefined);
      const token = refreshToken({ id: name, clientId: name }, { hash: name });
      assert.equal(await store.useRefreshToken(plainUse(token)), 'gone');
      assert.deepEqual(await store.listGrants(name, at(0)), []);
      assert.equal(await store.findAccessToken(name, at(0)), undefined);
      assert.equal(await store.isAccessTokenActive({ jti: name, grantId: name }, at(0)), false);
      assert.equal(await store.isAccessTokenActive({ jti: name, grantId: undefined }, at(0)), true);
      await store.noteCodeFailure(name, 5, at(0));
      await store.forgetConsent(name, name);
      await store.revokeGrant(name, at(0));
      await store.revokeGrantsOfClient(name, at(0));
      await store.revokeGrantsOfSubject(name, 'all', at(0));
    }
  });
}
