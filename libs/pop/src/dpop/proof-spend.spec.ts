import { describe, expect, it } from '@jest/globals';
import { seconds, statelessNonces, type NonceMode } from '@keybound/core';
import { dpopProof, requestView, T0, type Flaw } from '@keybound/testing';
import { checkDpopProof } from './check-dpop-proof.js';
import { dpopPolicy } from './dpop-policy.js';
import { proofSpend } from './proof-spend.js';

const server = statelessNonces({
  role: 'resource server',
  identifier: 'https://api.example.com',
  secrets: ['0123456789abcdef0123456789abcdef'],
  lifetimeSeconds: 300,
});
const off: NonceMode = { mode: 'off' };
const required: NonceMode = { mode: 'required', server };

/** When the proof could be accepted; undefined where it is not accepted now. */
async function timesOf(nonces: NonceMode, flaw: Flaw, now: number) {
  const policy = dpopPolicy({
    algorithms: ['ES256'],
    maxAgeSeconds: 60,
    clockSkewSeconds: 5,
    nonces,
  });
  const request = requestView({ headers: { dpop: await dpopProof(flaw) } });
  const proof = await checkDpopProof(request, policy, seconds(now));
  if (!proof.ok) return undefined;
  const { since, until } = await proofSpend(proof.value);
  return { since, until };
}

describe('proofSpend', () => {
  const nonce = server.issue(T0);

  it.each([
    ['its iat, less what clocks may differ', off, { iat: T0 }, T0 - 5, T0 + 66],
    ['the whole second before, where iat has a fraction', off, { iat: T0 - 0.5 }, T0 - 6, T0 + 65],
    [
      'its nonce, less what clocks of instances may differ, whatever iat says',
      required,
      { iat: 1, nonce },
      T0 - 60,
      T0 + 301,
    ],
  ])('THR-68 DPOP-13 can be accepted from %s', async (_what, nonces, flaw, since, until) => {
    expect(await timesOf(nonces, flaw, T0)).toEqual({ since, until });
    expect(await timesOf(nonces, flaw, since - 1)).toBeUndefined();
    expect(await timesOf(nonces, flaw, until - 1)).toEqual({ since, until });
    expect(await timesOf(nonces, flaw, until)).toBeUndefined();
  });

  it('THR-68 DPOP-13 counts the first second in', async () => {
    expect(await timesOf(off, { iat: T0 }, T0 - 5)).toBeDefined();
    expect(await timesOf(required, { nonce }, T0 - 60)).toBeDefined();
  });
});
