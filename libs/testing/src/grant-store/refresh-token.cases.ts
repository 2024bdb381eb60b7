import assert from 'node:assert/strict';
import type { GrantStore, RefreshTokenRecord } from '@keybound/authorization-server';
import { seconds } from '@keybound/core';
import { answeringLate } from '../late-store.js';
import {
  assertKept,
  at,
  atOnce,
  parallel,
  raceCases,
  tally,
  type ContractCase,
} from '../store-contract.js';
import { assertAlive, assertDead, redeemedFamily, type Family } from './family.js';
import { accessToken, plainUse, rotation } from './records.js';

export function refreshTokenCases(contractCase: ContractCase<GrantStore>): void {
  contractCase('AS-73 refreshes without rotation as often as asked', async (store) => {
    const family = await redeemedFamily(store);
    const record = family.refreshToken;
    const binding = { by: 'pop', cnf: { jwk: { kty: 'OKP' } }, tokenType: 'pop' };
    const use = plainUse(record, {
      now: at(5),
      idleExpiresAt: at(99),
      binding: { ...binding, thumbprint: undefined },
      accessToken: accessToken(family.grant),
    });
    const outcomes = await atOnce(() => store.useRefreshToken(use));
    assert.deepEqual(tally(outcomes), { refreshed: parallel });
    assertKept(await store.findRefreshToken(record.hash, at(5)), {
      ...record,
      binding,
      lastUsedAt: at(5),
      idleExpiresAt: at(99),
    });
    const issued = use.accessToken;
    assertKept(await store.findAccessToken(issued?.hash ?? '', at(5)), issued);
    await assertAlive(store, family, at(5));
  });

  contractCase('AS-70 F01 rotates, each token in its turn', async (store) => {
    const family = await redeemedFamily(store);
    const first = rotation(family.refreshToken, { accessToken: accessToken(family.grant) });
    assert.equal(await store.useRefreshToken(first), 'refreshed');
    assertKept(await store.findRefreshToken(first.successor.hash, at(0)), first.successor);
    const issued = first.accessToken;
    assertKept(await store.findAccessToken(issued?.hash ?? '', at(0)), issued);
    const second = rotation(first.successor, { now: at(60) });
    assert.equal(await store.useRefreshToken(second), 'refreshed');
    await assertAlive(store, { ...family, refreshToken: second.successor }, at(60));
    const retired = await store.findRefreshToken(first.successor.hash, at(60));
    assert.equal(retired?.retiredAt, at(60));
  });

  contractCase('AS-71 F02 revokes the family of a token used after its grace', async (store) => {
    const family = await redeemedFamily(store);
    const first = await rotated(store, family.refreshToken, 0);
    assert.equal(await reuse(store, family.refreshToken, 60), 'reused');
    assert.equal(await reuse(store, first, 61), 'gone');
    await assertDead(store, { ...family, refreshToken: first }, at(62));
    await assertDead(store, family, at(62));
  });

  contractCase('AS-72 gives a sibling within the grace, and not after', async (store) => {
    const family = await redeemedFamily(store);
    const first = await rotated(store, family.refreshToken, 0);
    const second = await rotated(store, family.refreshToken, 9);
    for (const sibling of [first, second]) {
      await assertAlive(store, { ...family, refreshToken: sibling }, at(9));
    }
    assert.equal(await reuse(store, family.refreshToken, 10), 'reused');
    await assertDead(store, { ...family, refreshToken: first }, at(10));
  });

  contractCase('AS-72 F03 retires a token when its sibling is used', async (store) => {
    const family = await redeemedFamily(store);
    const first = await rotated(store, family.refreshToken, 0);
    const second = await rotated(store, family.refreshToken, 4);
    const third = await rotated(store, second, 20);
    const retired = await store.findRefreshToken(first.hash, at(20));
    assert.equal(retired?.retiredAt, at(20));
    assert.equal(await reuse(store, first, 40), 'reused');
    await assertDead(store, { ...family, refreshToken: third }, at(40));
  });

  contractCase('AS-72 THR-50 gives no grace to a token whose sibling was used', async (store) => {
    const { refreshToken } = await redeemedFamily(store);
    const [first, second] = await siblings(store, refreshToken);
    await rotated(store, second, 0);
    assert.equal(await reuse(store, first, 0), 'reused');
  });

  contractCase('AS-72 retires siblings where a use does not rotate', async (store) => {
    const family = await redeemedFamily(store);
    const [first, second] = await siblings(store, family.refreshToken);
    assert.equal(await store.useRefreshToken(plainUse(second)), 'refreshed');
    await assertAlive(store, { ...family, refreshToken: second });
    assert.equal(await store.useRefreshToken(plainUse(first)), 'reused');
    await assertDead(store, { ...family, refreshToken: second });
  });

  contractCase('AS-72 ends the grace when a successor was used', async (store) => {
    for (const useIt of [rotation, plainUse]) {
      const family = await redeemedFamily(store);
      const first = await rotated(store, family.refreshToken, 0);
      assert.equal(await store.useRefreshToken(useIt(first)), 'refreshed');
      assert.equal(await reuse(store, family.refreshToken, 0), 'reused');
      await assertDead(store, { ...family, refreshToken: first });
    }
  });

  contractCase('THR-50 orders by who replaced whom within one second', async (store) => {
    const family = await redeemedFamily(store);
    const chain: [RefreshTokenRecord, ...RefreshTokenRecord[]] = [family.refreshToken];
    for (let turn = 0; turn < 5; turn++) chain.unshift(await rotated(store, chain[0], 0));
    const [newest, parent] = chain;
    await assertAlive(store, { ...family, refreshToken: newest });
    assert.ok(parent);
    const sibling = await rotated(store, parent, 0);
    await assertAlive(store, { ...family, refreshToken: sibling });
    assert.equal(await reuse(store, family.refreshToken, 0), 'reused');
    await assertDead(store, { ...family, refreshToken: sibling });
  });

  contractCase('THR-50 THR-65 orders rightly where the clock goes back', async (store) => {
    const family = await redeemedFamily(store);
    const first = await rotated(store, family.refreshToken, 300);
    const second = await rotated(store, first, -300);
    await assertAlive(store, { ...family, refreshToken: second }, at(-300));
    assert.equal(await reuse(store, family.refreshToken, -300), 'reused');
    await assertDead(store, { ...family, refreshToken: second }, at(-300));
  });

  contractCase('AS-72 F04 gives no grace where it is switched off', async (store) => {
    for (const offset of [-1, 0, 1]) {
      const family = await redeemedFamily(store);
      const first = await rotated(store, family.refreshToken, 0, 0);
      assert.equal(await reuse(store, family.refreshToken, offset, 0), 'reused');
      await assertDead(store, { ...family, refreshToken: first }, at(offset));
    }
  });

  contractCase('AS-71 refuses a retired token that would not rotate', async (store) => {
    const family = await redeemedFamily(store);
    const first = await rotated(store, family.refreshToken, 0);
    assert.equal(await store.useRefreshToken(plainUse(family.refreshToken)), 'reused');
    await assertDead(store, { ...family, refreshToken: first });
  });

  raceCases(
    contractCase,
    'AS-71 THR-50 THR-93',
    'rotates for exactly one of 25 without grace',
    async (store) => {
      const { refreshToken } = await redeemedFamily(store);
      const outcomes = await atOnce(() =>
        store.useRefreshToken(rotation(refreshToken, { graceSeconds: 0 })),
      );
      assert.deepEqual(tally(outcomes), { refreshed: 1, reused: parallel - 1 });
    },
  );

  contractCase('AS-71 THR-50 revokes everything after a race without grace', async (store) => {
    const family = await redeemedFamily(store);
    const uses = await atOnce(async () => rotation(family.refreshToken, { graceSeconds: 0 }));
    await Promise.all(uses.map((use) => store.useRefreshToken(use)));
    for (const { successor } of uses) {
      await assertDead(store, { ...family, refreshToken: successor });
      assert.equal(await reuse(store, successor, 0), 'gone');
    }
  });

  contractCase(
    'AS-72 F09 gives each of 25 a sibling, and lets one of them go on',
    async (store) => {
      const family = await redeemedFamily(store);
      const uses = await atOnce(async () => rotation(family.refreshToken));
      const late = answeringLate(store);
      const first = await Promise.all(uses.map((use) => late.useRefreshToken(use)));
      assert.deepEqual(tally(first), { refreshed: parallel });
      for (const { successor } of uses) {
        await assertAlive(store, { ...family, refreshToken: successor });
      }
      const second = await Promise.all(
        uses.map(({ successor }) => late.useRefreshToken(rotation(successor))),
      );
      assert.deepEqual(tally(second), { refreshed: 1, reused: parallel - 1 });
      await assertDead(store, family);
    },
  );

  contractCase('AS-73 F08 ends a token that idles, to the second', async (store) => {
    const idle = { refreshToken: { idleExpiresAt: at(100) } };
    const family = await redeemedFamily(store, idle);
    const use = (offset: number) =>
      store.useRefreshToken(
        plainUse(family.refreshToken, { now: at(offset), idleExpiresAt: at(offset + 100) }),
      );
    assert.equal(await use(99), 'refreshed');
    assert.equal(await use(198), 'refreshed');
    assert.ok(await store.findRefreshToken(family.refreshToken.hash, at(297)));
    assert.equal(await store.findRefreshToken(family.refreshToken.hash, at(298)), undefined);
    assert.equal(await use(298), 'gone');
    assert.ok(await store.findGrant(family.grant.id, at(298)));
  });

  contractCase('AS-73 F08 ends every token with its grant, to the second', async (store) => {
    const family = await redeemedFamily(store, { grant: { expiresAt: at(250) } });
    const use = (offset: number) =>
      store.useRefreshToken(plainUse(family.refreshToken, { now: at(offset) }));
    assert.equal(await use(249), 'refreshed');
    await assertAlive(store, family, at(249));
    assert.equal(await use(250), 'gone');
    await assertDead(store, family, at(250));
  });

  contractCase('INV-3 issues nothing for a token that is over', async (store) => {
    const family = await redeemedFamily(store);
    await rotated(store, family.refreshToken, 0);
    const refused = rotation(family.refreshToken, {
      now: at(60),
      accessToken: accessToken(undefined),
    });
    assert.equal(await store.useRefreshToken(refused), 'reused');
    assert.equal(await store.useRefreshToken(rotation(refused.successor)), 'gone');
    assert.equal(await store.findAccessToken(refused.accessToken?.hash ?? '', at(60)), undefined);
  });

  for (const [title, wrap] of [
    ['', (store: GrantStore) => store],
    [', when answers are late', (store: GrantStore) => answeringLate(store, [0, 1, 2])],
  ] as const) {
    contractCase(
      `THR-50 leaves nothing alive where a refresh meets a revocation${title}`,
      async (inner) => {
        const store = wrap(inner);
        for (let round = 0; round < 200; round++) {
          const family = await redeemedFamily(inner);
          const use = rotation(family.refreshToken, { accessToken: accessToken(family.grant) });
          const acts = [() => store.useRefreshToken(use), () => revoke(store, family)];
          if (round % 2 === 1) acts.reverse();
          await Promise.all(acts.map((act) => act()));
          await assertDead(inner, family);
          await assertDead(inner, {
            ...family,
            refreshToken: use.successor,
            accessToken: use.accessToken ?? family.accessToken,
          });
        }
      },
    );
  }
}

async function revoke(store: GrantStore, { grant }: Family): Promise<'revoked'> {
  await store.revokeGrant(grant.id, at(0));
  return 'revoked';
}

/** Uses a live token, or a retired one within its grace. @returns What took its place. */
async function rotated(
  store: GrantStore,
  token: RefreshTokenRecord,
  offset: number,
  graceSeconds = 10,
): Promise<RefreshTokenRecord> {
  const use = rotation(token, { now: at(offset), graceSeconds });
  assert.equal(await store.useRefreshToken(use), 'refreshed');
  return use.successor;
}

async function siblings(store: GrantStore, token: RefreshTokenRecord) {
  return [await rotated(store, token, 0), await rotated(store, token, 0)] as const;
}

async function reuse(
  store: GrantStore,
  token: RefreshTokenRecord,
  offset: number,
  graceSeconds = 10,
) {
  return store.useRefreshToken(rotation(token, { now: seconds(at(offset)), graceSeconds }));
}
