import assert from 'node:assert/strict';
import type { GrantStore } from '@keybound/authorization-server';
import {
  assertKept,
  at,
  atOnce,
  parallel,
  raceCases,
  tally,
  type ContractCase,
} from '../store-contract.js';
import { assertAlive, assertDead, redeemedFamily, unredeemedFamily } from './family.js';
import { code, grant, refreshToken } from './records.js';

const nothing = { refreshToken: undefined, accessToken: undefined };

export function codeCases(contractCase: ContractCase<GrantStore>): void {
  contractCase('AS-64 redeems a code, with everything that is issued', async (store) => {
    const family = await unredeemedFamily(store);
    assertKept(await store.findGrant(family.grant.id, at(0)), family.grant);
    assertKept(await store.findCode(family.code.hash, at(0)), family.code);
    assert.equal(await store.redeemCode(family.code.hash, family, at(1)), 'redeemed');
    assertKept(await store.findCode(family.code.hash, at(1)), {
      ...family.code,
      redeemedAt: at(1),
    });
    assertKept(await store.findRefreshToken(family.refreshToken.hash, at(1)), family.refreshToken);
    assertKept(await store.findAccessToken(family.accessToken.hash, at(1)), family.accessToken);
    await assertAlive(store, family, at(1));
  });

  contractCase('AS-64 redeems a code without keeping any token', async (store) => {
    const { grant, code } = await unredeemedFamily(store);
    assert.equal(await store.redeemCode(code.hash, nothing, at(0)), 'redeemed');
    const name = { jti: 'a JWT', grantId: grant.id };
    assert.equal(await store.isAccessTokenActive(name, at(0)), true);
  });

  raceCases(
    contractCase,
    'AS-64 THR-49 THR-93',
    'lets exactly one of 25 redemptions win',
    async (store) => {
      const { code } = await unredeemedFamily(store);
      const outcomes = await atOnce(() => store.redeemCode(code.hash, nothing, at(0)));
      assert.deepEqual(tally(outcomes), { redeemed: 1, reused: parallel - 1 });
    },
  );

  contractCase('AS-64 THR-49 revokes everything after a race for a code', async (store) => {
    const family = await unredeemedFamily(store);
    const tokens = await atOnce(async () => refreshToken(family.grant));
    const outcomes = await Promise.all(
      tokens.map((each) =>
        store.redeemCode(family.code.hash, { ...family, refreshToken: each }, at(0)),
      ),
    );
    assert.deepEqual(tally(outcomes), { redeemed: 1, reused: parallel - 1 });
    for (const each of tokens) await assertDead(store, { ...family, refreshToken: each });
  });

  contractCase('AS-64 THR-49 revokes what a code gave when it is used again', async (store) => {
    const [family, bystander] = [await redeemedFamily(store), await redeemedFamily(store)];
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(1)), 'reused');
    await assertDead(store, family, at(1));
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(2)), 'reused');
    await assertAlive(store, bystander, at(2));
  });

  contractCase('THR-49 knows a redeemed code for ten minutes past its expiry', async (store) => {
    const family = await redeemedFamily(store);
    const found = await store.findCode(family.code.hash, at(659));
    assert.equal(found?.redeemedAt, at(0));
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(659)), 'reused');
    await assertDead(store, family, at(659));
    assert.equal(await store.findCode(family.code.hash, at(660)), undefined);
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(660)), 'gone');
  });

  contractCase('INV-3 issues nothing for a code that was used', async (store) => {
    const { grant, code } = await redeemedFamily(store);
    const issued = { refreshToken: refreshToken(grant), accessToken: undefined };
    assert.equal(await store.redeemCode(code.hash, issued, at(0)), 'reused');
    assert.equal(await store.findRefreshToken(issued.refreshToken.hash, at(0)), undefined);
    assert.equal(await store.useRefreshToken(use(issued.refreshToken.hash)), 'gone');
  });

  contractCase('AS-17 redeems up to the last second of a code', async (store) => {
    const [inTime, late] = [await unredeemedFamily(store), await unredeemedFamily(store)];
    assert.equal(await store.redeemCode(inTime.code.hash, inTime, at(59)), 'redeemed');
    assert.equal(await store.redeemCode(late.code.hash, late, at(60)), 'gone');
    assert.equal(await store.findCode(late.code.hash, at(60)), undefined);
    assert.equal(await store.findRefreshToken(late.refreshToken.hash, at(0)), undefined);
    assert.equal(await store.findAccessToken(late.accessToken.hash, at(0)), undefined);
  });

  contractCase('AS-17 redeems no code past the end of its grant', async (store) => {
    const short = { grant: { expiresAt: at(30) } };
    const [inTime, late] = [
      await unredeemedFamily(store, short),
      await unredeemedFamily(store, short),
    ];
    assert.equal(await store.redeemCode(inTime.code.hash, inTime, at(29)), 'redeemed');
    assert.equal(await store.redeemCode(late.code.hash, late, at(30)), 'gone');
  });

  contractCase('AS-17 ends a grant with its code where nobody redeems that', async (store) => {
    const { grant } = await unredeemedFamily(store);
    assert.ok(await store.findGrant(grant.id, at(59)));
    assert.equal(await store.findGrant(grant.id, at(60)), undefined);
    assert.deepEqual(await store.listGrants(grant.localSubject, at(60)), []);
    const name = { jti: 'a JWT', grantId: grant.id };
    assert.equal(await store.isAccessTokenActive(name, at(60)), false);
  });

  contractCase('AS-65 burns a code at the last wrong guess, and no sooner', async (store) => {
    const [spared, burnt] = [await unredeemedFamily(store), await unredeemedFamily(store)];
    for (let guess = 0; guess < 4; guess++) {
      for (const { code } of [spared, burnt]) await store.noteCodeFailure(code.hash, 5, at(guess));
    }
    assert.equal((await store.findCode(spared.code.hash, at(4)))?.failures, 4);
    assert.equal(await store.redeemCode(spared.code.hash, spared, at(4)), 'redeemed');
    await store.noteCodeFailure(burnt.code.hash, 5, at(4));
    assert.equal(await store.findCode(burnt.code.hash, at(4)), undefined);
    assert.equal(await store.redeemCode(burnt.code.hash, burnt, at(4)), 'gone');
    assert.equal(await store.findRefreshToken(burnt.refreshToken.hash, at(4)), undefined);
  });

  contractCase('AS-65 THR-93 counts each of 25 wrong guesses at once', async (store) => {
    const { code } = await unredeemedFamily(store);
    await atOnce(() => store.noteCodeFailure(code.hash, parallel + 1, at(0)));
    assert.equal((await store.findCode(code.hash, at(0)))?.failures, parallel);
    await store.noteCodeFailure(code.hash, parallel + 1, at(0));
    assert.equal(await store.redeemCode(code.hash, nothing, at(0)), 'gone');
  });

  contractCase('AS-65 takes no notice of guesses at a code that was redeemed', async (store) => {
    const family = await redeemedFamily(store);
    for (let guess = 0; guess < 6; guess++) await store.noteCodeFailure(family.code.hash, 5, at(0));
    await assertAlive(store, family);
    assert.equal((await store.findCode(family.code.hash, at(0)))?.failures, 0);
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(0)), 'reused');
  });

  contractCase('AS-65 THR-93 redeems a code or burns it, whatever comes first', async (store) => {
    for (let round = 0; round < parallel; round++) {
      const family = await unredeemedFamily(store);
      const [outcome] = await Promise.all([
        store.redeemCode(family.code.hash, family, at(0)),
        store.noteCodeFailure(family.code.hash, 1, at(0)),
      ]);
      const found = await store.findRefreshToken(family.refreshToken.hash, at(0));
      assert.equal(found !== undefined, outcome === 'redeemed', `but it was ${outcome}`);
    }
  });

  contractCase('THR-58 tells names apart that differ in case alone', async (store) => {
    const one = { hash: `aB${code(grant()).hash.slice(2)}` };
    const { hash: other } = { hash: `Ab${one.hash.slice(2)}` };
    const family = await unredeemedFamily(store, { code: one });
    assert.equal(await store.findCode(other, at(0)), undefined);
    assert.equal(await store.redeemCode(other, nothing, at(0)), 'gone');
    assert.equal(await store.redeemCode(family.code.hash, nothing, at(0)), 'redeemed');
  });
}

function use(hash: string) {
  return {
    hash,
    successor: undefined,
    graceSeconds: 10,
    idleExpiresAt: at(60),
    binding: undefined,
    accessToken: undefined,
    now: at(0),
  };
}
