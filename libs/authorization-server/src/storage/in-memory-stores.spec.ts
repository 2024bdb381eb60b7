import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, seconds, StoreUnavailableError, type Seconds } from '@keybound/core';
import { InMemoryCounterStore } from './in-memory-counter-store.js';
import { InMemoryGrantStore } from './in-memory-grant-store.js';
import { InMemorySessionStore } from './in-memory-session-store.js';
import { inMemoryStores } from './in-memory-stores.js';
import type { AccessTokenRecord } from './grant-records.js';
import type { SessionRecord } from './session-store.js';

const T0 = 1_800_000_000;
const at = (offset: number): Seconds => seconds(T0 + offset);

function referenceToken(name: number, expiresAt: Seconds): AccessTokenRecord {
  return {
    hash: `hash ${String(name)}`,
    jti: `jti ${String(name)}`,
    grantId: undefined,
    clientId: 'client-1',
    claims: {},
    expiresAt,
  };
}

function session(name: string, lastSeenAt: Seconds): SessionRecord {
  return {
    hash: name,
    sid: name,
    subject: 'alice',
    authTime: lastSeenAt,
    acr: undefined,
    amr: [],
    clientIds: [],
    lastSeenAt,
    expiresAt: seconds(lastSeenAt + 60),
  };
}

describe('inMemoryStores', () => {
  it('AS-272 says that they serve one process', () => {
    const { grants, clients, sessions, counters } = inMemoryStores();
    for (const { sharing } of [grants, clients, sessions, counters])
      expect(sharing).toBe('process');
  });

  it.each([0, -1, 1.5, NaN])('INV-9 cannot start with maxRecords %p', (maxRecords) => {
    expect(() => inMemoryStores({ maxRecords })).toThrow(ConfigurationError);
  });

  it('THR-68 refuses to forget what has not ended when it is full', async () => {
    const store = new InMemoryGrantStore({ maxRecords: 3 });
    for (const name of [1, 2]) await store.saveAccessToken(referenceToken(name, at(60)));
    await store.revokeAccessToken('jti 1', at(60), at(0));
    const third = referenceToken(3, at(60));
    await expect(store.saveAccessToken(third)).rejects.toThrow(StoreUnavailableError);
    await expect(store.revokeAccessToken('jti 2', at(60), at(0))).rejects.toThrow(
      StoreUnavailableError,
    );
    expect(await store.findAccessToken('hash 3', at(0))).toBeUndefined();
    expect(await store.findAccessToken('hash 2', at(0))).toBeDefined();
    expect(await store.isAccessTokenActive(referenceToken(1, at(60)), at(0))).toBe(false);
  });

  it('THR-68 serves again when enough has ended', async () => {
    const store = new InMemoryCounterStore({ maxRecords: 2 });
    const count = (key: string, offset: number) =>
      store.count([{ key, limit: 1, windowSeconds: 60 }], at(offset));
    await count('a', 0);
    await count('b', 0);
    await expect(count('c', 59)).rejects.toThrow(StoreUnavailableError);
    expect(await count('c', 660)).toEqual({ within: true });
  });

  it('THR-65 keeps what ended ten minutes, for a clock that steps back', async () => {
    const store = new InMemoryGrantStore();
    const token = referenceToken(1, at(60));
    await store.saveAccessToken(token);
    await store.revokeAccessToken('jti 9', at(60), at(0));
    for (let turn = 0; turn < 10; turn++) await store.revokeAccessToken('jti', at(660), at(659));
    expect(await store.findAccessToken('hash 1', at(59))).toEqual(token);
    expect(await store.isAccessTokenActive({ jti: 'jti 9', grantId: undefined }, at(59))).toBe(
      false,
    );
  });

  it('THR-73 drops what ended, a little with each call', async () => {
    const store = new InMemorySessionStore();
    for (let second = 0; second < 10_000; second++) {
      await store.start(session(`session ${String(second)}`, at(second)), undefined);
    }
    // Those of the last 660 seconds, and a third as many that were not dropped yet.
    expect(store.records).toBeGreaterThanOrEqual(660);
    expect(store.records).toBeLessThan(900);
  });

  it('THR-73 keeps nothing of grants that ended', async () => {
    const store = new InMemoryGrantStore();
    for (let second = 0; second < 5000; second++) {
      const grant = {
        id: `grant ${String(second)}`,
        clientId: 'client-1',
        clientSource: 'registered',
        localSubject: 'alice',
        login: undefined,
        scopes: [],
        resources: [],
        authorizationDetails: [],
        claims: undefined,
        slots: {},
        offline: false,
        createdAt: at(second),
        expiresAt: at(second + 60),
      };
      const code = {
        hash: `code ${String(second)}`,
        kind: 'authorization_code',
        grantId: grant.id,
        clientId: 'client-1',
        redirectUri: undefined,
        codeChallenge: undefined,
        nonce: undefined,
        dpopJkt: undefined,
        expiresAt: at(second + 60),
        failures: 0,
        redeemedAt: undefined,
        slots: {},
      };
      await store.completeAuthorization({
        interactionHash: undefined,
        pushedRequestHash: undefined,
        grant,
        code,
        consent: {
          localSubject: 'alice',
          clientId: 'client-1',
          scopes: [],
          resources: [],
          authorizationDetails: [],
          claims: undefined,
          grantedAt: at(second),
        },
        now: at(second),
      });
    }
    // Grants stay 660 seconds, their codes 1,260.
    expect(store.records).toBeLessThan(2600);
    expect(await store.listGrants('alice', at(5000))).toHaveLength(59);
    expect(await store.findConsent('alice', 'client-1')).toMatchObject({ grantedAt: at(4999) });
    await store.revokeGrantsOfClient('client-1', at(5000));
    expect(await store.listGrants('alice', at(5000))).toEqual([]);
    expect(await store.findConsent('alice', 'client-1')).toBeUndefined();
  });

  it('AS-270 hands out records that nobody can change', async () => {
    const store = new InMemorySessionStore();
    await store.start(session('one', at(0)), undefined);
    const found = await store.find('one', 60, at(0));
    expect(found).toBeDefined();
    expect(Object.isFrozen(found)).toBe(true);
    expect(Object.isFrozen(found?.amr)).toBe(true);
  });
});
