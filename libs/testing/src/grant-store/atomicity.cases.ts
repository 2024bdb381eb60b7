import assert from 'node:assert/strict';
import type { GrantStore } from '@keybound/authorization-server';
import type { JsonValue } from '@keybound/core';
import { assertKept, at, plainCopy, tryToChange, type ContractCase } from '../store-contract.js';
import { assertAlive, redeemedFamily, unredeemedFamily } from './family.js';
import {
  accessToken,
  code,
  completion,
  consent,
  grant,
  interaction,
  refreshToken,
  rotation,
} from './records.js';

/** What no store can write down. */
const unwritable = Object.defineProperty({}, 'unwritable', {
  enumerable: true,
  get() {
    throw new RangeError('This cannot be written down.');
  },
}) as Record<string, JsonValue>;

const unwritableDetail = { type: 'anything', nested: unwritable };
const unwritableBinding = { by: 'dpop', cnf: unwritable, tokenType: 'DPoP', thumbprint: undefined };

export function atomicityCases(contractCase: ContractCase<GrantStore>): void {
  contractCase('THR-92 completes nothing where one of its records fails', async (store) => {
    const record = interaction();
    await store.saveInteraction(record);
    const whole = completion({ interactionHash: record.hash, consent: consent() });
    for (const flaw of [
      { grant: { ...whole.grant, slots: unwritable } },
      { code: { ...whole.code, slots: unwritable } },
      { consent: consent({ authorizationDetails: [unwritableDetail] }) },
    ]) {
      await assert.rejects(async () => store.completeAuthorization({ ...whole, ...flaw }));
      assertKept(await store.findInteraction(record.hash, at(0)), record);
      assert.equal(await store.findGrant(whole.grant.id, at(0)), undefined);
      assert.equal(await store.findCode(whole.code.hash, at(0)), undefined);
    }
    assert.equal(await store.completeAuthorization(whole), true);
  });

  contractCase('THR-92 redeems nothing where one of its records fails', async (store) => {
    const family = await unredeemedFamily(store);
    for (const flaw of [
      { refreshToken: refreshToken(family.grant, { binding: unwritableBinding }) },
      { accessToken: accessToken(family.grant, { claims: unwritable }) },
    ]) {
      await assert.rejects(async () =>
        store.redeemCode(family.code.hash, { ...family, ...flaw }, at(0)),
      );
      assertKept(await store.findCode(family.code.hash, at(0)), family.code);
      assert.equal(await store.findRefreshToken(family.refreshToken.hash, at(0)), undefined);
      assert.equal(await store.findAccessToken(family.accessToken.hash, at(0)), undefined);
    }
    assert.equal(await store.redeemCode(family.code.hash, family, at(0)), 'redeemed');
  });

  contractCase('THR-92 refreshes nothing where one of its records fails', async (store) => {
    const family = await redeemedFamily(store);
    const use = rotation(family.refreshToken, { graceSeconds: 0 });
    for (const flaw of [
      { successor: { ...use.successor, binding: unwritableBinding } },
      { accessToken: accessToken(family.grant, { claims: unwritable }) },
    ]) {
      await assert.rejects(async () => store.useRefreshToken({ ...use, ...flaw }));
      assert.equal(await store.findRefreshToken(use.successor.hash, at(0)), undefined);
      await assertAlive(store, family);
    }
    assert.equal(await store.useRefreshToken(use), 'refreshed');
  });

  contractCase('THR-92 begins nothing where its code fails', async (store) => {
    const [newGrant, family] = [grant(), await redeemedFamily(store)];
    const flawed = code(newGrant, { slots: unwritable });
    await assert.rejects(async () => store.saveGrantWithCode(newGrant, flawed));
    assert.equal(await store.findGrant(newGrant.id, at(0)), undefined);
    await assertAlive(store, family);
  });

  contractCase('AS-270 keeps a copy, which nobody else can change', async (store) => {
    const family = await unredeemedFamily(store);
    const kept = plainCopy(family.grant);
    changeAll(family.grant);
    const found = await store.findGrant(family.grant.id, at(0));
    assertKept(found, kept);
    changeAll(found);
    assertKept(await store.findGrant(family.grant.id, at(0)), kept);
  });
}

function changeAll(record: unknown): void {
  const { scopes, authorizationDetails } = record as {
    scopes: string[];
    authorizationDetails: Record<string, unknown>[];
  };
  tryToChange(() => scopes.push('admin'));
  tryToChange(() => {
    authorizationDetails.forEach((detail) => (detail['type'] = 'changed'));
  });
}
