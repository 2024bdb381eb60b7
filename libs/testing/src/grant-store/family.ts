import assert from 'node:assert/strict';
import type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  GrantStore,
  RefreshTokenRecord,
} from '@keybound/authorization-server';
import type { Seconds } from '@keybound/core';
import { at } from '../store-contract.js';
import { accessToken, code, grant, refreshToken } from './records.js';

/** A grant, and what was issued from it. */
export interface Family {
  readonly grant: GrantRecord;
  readonly code: CodeRecord;
  readonly refreshToken: RefreshTokenRecord;
  readonly accessToken: AccessTokenRecord;
}

export interface FamilyChanges {
  readonly grant?: Partial<GrantRecord>;
  readonly code?: Partial<CodeRecord>;
  readonly refreshToken?: Partial<RefreshTokenRecord>;
}

/** A grant whose code waits to be redeemed, and the tokens that will come of it. */
export async function unredeemedFamily(
  store: GrantStore,
  changes: FamilyChanges = {},
): Promise<Family> {
  const newGrant = grant(changes.grant);
  const family = {
    grant: newGrant,
    code: code(newGrant, changes.code),
    refreshToken: refreshToken(newGrant, changes.refreshToken),
    accessToken: accessToken(newGrant),
  };
  await store.saveGrantWithCode(family.grant, family.code);
  return family;
}

/** A grant whose code was redeemed at the start. */
export async function redeemedFamily(
  store: GrantStore,
  changes: FamilyChanges = {},
): Promise<Family> {
  const family = await unredeemedFamily(store, changes);
  assert.equal(await store.redeemCode(family.code.hash, family, at(0)), 'redeemed');
  return family;
}

/** Nothing that was issued is good for anything. */
export async function assertDead(
  store: GrantStore,
  family: Pick<Family, 'grant' | 'refreshToken' | 'accessToken'>,
  now: Seconds = at(0),
): Promise<void> {
  const { id } = family.grant;
  assert.equal(await store.findGrant(id, now), undefined, 'the grant lives');
  const found = await store.findRefreshToken(family.refreshToken.hash, now);
  assert.equal(found, undefined, 'a refresh token lives');
  const reference = await store.findAccessToken(family.accessToken.hash, now);
  assert.equal(reference, undefined, 'a reference token lives');
  for (const jti of [family.accessToken.jti, 'issued just now']) {
    const isActive = await store.isAccessTokenActive({ jti, grantId: id }, now);
    assert.equal(isActive, false, 'an access token is active');
  }
}

/** Everything that was issued is good. */
export async function assertAlive(
  store: GrantStore,
  family: Pick<Family, 'grant' | 'refreshToken' | 'accessToken'>,
  now: Seconds = at(0),
): Promise<void> {
  assert.ok(await store.findGrant(family.grant.id, now), 'the grant is gone');
  const found = await store.findRefreshToken(family.refreshToken.hash, now);
  assert.ok(found, 'the refresh token is gone');
  assert.equal(found.retiredAt, undefined, 'the refresh token was retired');
  const reference = await store.findAccessToken(family.accessToken.hash, now);
  assert.ok(reference, 'the reference token is gone');
  assert.ok(await store.isAccessTokenActive(family.accessToken, now), 'the access token is dead');
}
