import { describe, expect, it } from '@jest/globals';
import { seconds, type JsonObject, type NonceMode } from '@keybound/core';
import { T0 } from '@keybound/testing';
import { checkNonce, checkTimestamp } from './check-freshness.js';
import { standardProfile, type SignedRequestPolicy } from './signed-request-policy.js';

const policy = (nonces: NonceMode): SignedRequestPolicy => ({
  algorithms: new Set(['ES256']),
  macs: new Set(),
  unidentifiedMacs: 'refused',
  require: new Set(),
  requireBody: 'never',
  maxAgeSeconds: 300,
  futureSkewSeconds: 60,
  transports: new Set(['header']),
  rejectUnsignedQuery: true,
  requiredHeaders: [],
  requirePort: false,
  replay: 'when-identified',
  nonces,
  profile: standardProfile,
});

/** A nonce of the server that could be accepted from T0 on for a hundred seconds. */
const required: NonceMode = {
  mode: 'required',
  server: {
    issue: () => 'next',
    check: () => ({ state: 'current', renew: false, since: T0, until: seconds(T0 + 100) }),
  },
};

function freshness(payload: JsonObject, nonces: NonceMode, now: number) {
  const timestamp = checkTimestamp(payload, policy(nonces), seconds(now));
  if (!timestamp.ok) return undefined;
  const fresh = checkNonce(payload, policy(nonces), seconds(now), timestamp.value);
  return fresh.ok ? fresh.value : undefined;
}

describe('when a signed request can be accepted', () => {
  it('THR-68 SHR-26 is from its ts on, less what clocks may differ', () => {
    const times = { freshAt: T0 - 60, staleAt: T0 + 301 };
    for (const now of [T0 - 60, T0, T0 + 300]) {
      expect(freshness({ ts: T0 }, { mode: 'off' }, now)).toMatchObject(times);
    }
    expect(freshness({ ts: T0 }, { mode: 'off' }, T0 - 61)).toBeUndefined();
    expect(freshness({ ts: T0 }, { mode: 'off' }, T0 + 301)).toBeUndefined();
  });

  it.each([
    ['its nonce, where it has no ts', {}, T0, T0 + 100],
    ['its nonce, where that is younger', { ts: T0 }, T0, T0 + 100],
    ['its ts, where that is younger', { ts: T0 + 90 }, T0 + 30, T0 + 100],
    ['its nonce until its ts is too old', { ts: T0 - 250 }, T0, T0 + 51],
  ])('THR-68 SHR-28 is from %s', (_what, payload, freshAt, staleAt) => {
    const fresh = freshness({ ...payload, nonce: 'a nonce' }, required, T0 + 40);
    expect(fresh).toEqual({ freshAt, staleAt, nextNonce: 'next' });
  });
});
