import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { ConfigurationError, UpstreamError } from '../errors/faults.js';
import type { OutgoingHttp } from '../outgoing-http/outgoing-http.js';
import { seconds } from '../time/clock.js';
import type { KeySource } from './key-source.js';
import { remoteKeys, type RemoteKeysOptions } from './remote-keys.js';
import type { VerificationKey } from './verification-key.js';

let first: JWK;
let second: JWK;

beforeAll(async () => {
  [first, second] = (await Promise.all(
    ['a', 'b'].map(async (kid) => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true });
      return { ...(await exportJWK(publicKey)), kid };
    }),
  )) as [JWK, JWK];
});

/** An issuer's key set behind a counting port, a clock that is moved by hand, and the keys of it. */
function issuer(options: Partial<RemoteKeysOptions> = {}) {
  const state = {
    fetches: [] as string[],
    now: 1_000_000,
    maxAgeSeconds: undefined as number | undefined,
    /** What the issuer serves; undefined while it cannot be reached. */
    served: { keys: [first] } as unknown,
  };
  const http: OutgoingHttp = {
    get: async (url) => {
      state.fetches.push(url);
      await Promise.resolve();
      if (state.served === undefined) throw new UpstreamError('unreachable');
      const body = new TextEncoder().encode(JSON.stringify(state.served));
      return { body, maxAgeSeconds: state.maxAgeSeconds };
    },
  };
  const clock = { now: () => seconds(state.now) };
  const resolveUri = 'https://issuer.example/jwks';
  return { state, keys: remoteKeys({ http, clock, resolveUri, ...options }) };
}

const find = (keys: KeySource, kid: string) => keys.find({ algorithm: 'ES256', kid });
const unknown = { ok: false, failure: 'unknown key' };

async function found(keys: KeySource, kid: string): Promise<VerificationKey> {
  const outcome = await find(keys, kid);
  if (!outcome.ok) throw new Error(outcome.failure);
  return outcome.value;
}

describe('remoteKeys: when keys are fetched', () => {
  it('OIDC-14 fetches when first needed, and not per request', async () => {
    const { state, keys } = issuer();
    expect(state.fetches).toEqual([]);
    await found(keys, 'a');
    await found(keys, 'a');
    expect(state.fetches).toEqual(['https://issuer.example/jwks']);
  });

  it('THR-75 makes one fetch of a thousand first requests', async () => {
    const { state, keys } = issuer();
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => find(keys, 'a')));
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(state.fetches).toHaveLength(1);
  });

  it('OIDC-14 fetches again for a kid that it does not know: the issuer has rotated', async () => {
    const { state, keys } = issuer();
    await found(keys, 'a');
    state.served = { keys: [first, second] };
    state.now += 30;
    expect(await found(keys, 'b')).toMatchObject({ jwk: { kid: 'b' } });
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 (OIDC-14, RS-13) makes one fetch per cool-down of a flood of unknown kids', async () => {
    const { state, keys } = issuer();
    await found(keys, 'a');
    const flood = () =>
      Promise.all(
        Array.from({ length: 1_000 }, (_, index) => find(keys, `random-${String(index)}`)),
      );
    state.now += 29;
    expect(await flood()).toEqual(Array.from({ length: 1_000 }, () => unknown));
    expect(state.fetches).toHaveLength(1);
    state.now += 1;
    expect(await flood()).toEqual(Array.from({ length: 1_000 }, () => unknown));
    await flood();
    expect(state.fetches).toHaveLength(2);
  });

  it('RS-13 lets one cool-down go by for a kid that the very first fetch did not bring', async () => {
    const { state, keys } = issuer();
    expect(await find(keys, 'b')).toEqual(unknown);
    expect(await find(keys, 'b')).toEqual(unknown);
    expect(state.fetches).toHaveLength(1);
  });

  it('OIDC-14 does not fetch because a header without kid is ambiguous', async () => {
    const { state, keys } = issuer();
    state.served = { keys: [first, second] };
    await found(keys, 'a');
    state.now += 31;
    const outcome = await keys.find({ algorithm: 'ES256', kid: undefined });
    expect(outcome).toEqual({ ok: false, failure: 'ambiguous key' });
    expect(state.fetches).toHaveLength(1);
  });

  it.each([
    ['the default', undefined, 600],
    ['what the answer says', 900, 900],
    ['no less than a minute', 0, 60],
    ['no more than a day', 10_000_000, 86_400],
  ])('THR-63 keeps a set for %s', async (_what, maxAgeSeconds, expected) => {
    const { state, keys } = issuer();
    state.maxAgeSeconds = maxAgeSeconds;
    await found(keys, 'a');
    state.now += expected - 1;
    await found(keys, 'a');
    expect(state.fetches).toHaveLength(1);
    state.now += 1;
    await found(keys, 'a');
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 asks where the set is before each fetch', async () => {
    const uris = ['https://issuer.example/1', 'https://issuer.example/2'];
    const { state, keys } = issuer({ resolveUri: () => Promise.resolve(uris.shift() ?? '') });
    await found(keys, 'a');
    state.now += 600;
    await found(keys, 'a');
    expect(state.fetches).toEqual(['https://issuer.example/1', 'https://issuer.example/2']);
  });

  it('THR-63 refuses times that make no sense', () => {
    expect(() => issuer({ cooldownSeconds: 0 })).toThrow(ConfigurationError);
    expect(() => issuer({ maxStaleSeconds: Number.NaN })).toThrow(ConfigurationError);
  });
});

describe('remoteKeys: when the issuer fails', () => {
  it.each<[string, unknown]>([
    ['cannot be reached', undefined],
    ['serves an empty set', { keys: [] }],
    ['serves no set', { error: 'server_error' }],
    ['serves a private key', { keys: [{ kty: 'oct', k: 'AA' }] }],
  ])('THR-63 keeps the last good set while the issuer %s', async (_flaw, served) => {
    const { state, keys } = issuer();
    const key = await found(keys, 'a');
    state.served = served;
    state.now += 600;
    expect(await found(keys, 'a')).toBe(key);
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 uses the last good set up to max-stale, and no longer', async () => {
    const { state, keys } = issuer();
    await found(keys, 'a');
    state.served = undefined;
    state.now += 86_399;
    await found(keys, 'a');
    state.now += 1;
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    state.now += 30;
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    state.now += 30;
    state.served = { keys: [first] };
    await found(keys, 'a');
  });

  it('THR-63 does not hammer an issuer that cannot be reached', async () => {
    const { state, keys } = issuer();
    state.served = undefined;
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => find(keys, 'a')));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(state.fetches).toHaveLength(1);
    state.now += 29;
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    expect(state.fetches).toHaveLength(1);
    state.now += 1;
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 tries again as soon as the cool-down for failures, set shorter, is over', async () => {
    const { state, keys } = issuer({ failureCooldownSeconds: 1 });
    state.served = undefined;
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    state.served = { keys: [first] };
    await expect(find(keys, 'a')).rejects.toThrow(UpstreamError);
    state.now += 1;
    await found(keys, 'a');
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 answers from the last good set where the fetch for an unknown kid fails', async () => {
    const { state, keys } = issuer();
    await found(keys, 'a');
    state.served = undefined;
    state.now += 30;
    expect(await find(keys, 'b')).toEqual(unknown);
    await found(keys, 'a');
    expect(state.fetches).toHaveLength(2);
  });

  it('THR-63 does not take a bug for an issuer that fails', async () => {
    const bug = new TypeError('a bug');
    const { keys } = issuer({ resolveUri: () => Promise.reject(bug) });
    await expect(find(keys, 'a')).rejects.toBe(bug);
  });
});

describe('remoteKeys: how long a key counts', () => {
  it('RS-13 does not know a key before the set was fetched', async () => {
    const key = await found(issuer().keys, 'a');
    expect(issuer().keys.has(key)).toBe(false);
  });

  it('RS-13 knows a key while it is in the set, and not after the issuer withdrew it', async () => {
    const { state, keys } = issuer();
    const key = await found(keys, 'a');
    expect(keys.has(key)).toBe(true);
    state.served = { keys: [second] };
    state.now += 30;
    const newer = await found(keys, 'b');
    expect(keys.has(key)).toBe(false);
    expect(keys.has(newer)).toBe(true);
  });

  it('RS-13 does not vouch for a key once a newer set is due, so that it is looked for again', async () => {
    const { state, keys } = issuer();
    const key = await found(keys, 'a');
    state.now += 599;
    expect(keys.has(key)).toBe(true);
    state.now += 1;
    expect(keys.has(key)).toBe(false);
    await found(keys, 'a');
    expect(keys.has(key)).toBe(true);
  });

  it('THR-63 vouches for a key of a stale set between tries, up to max-stale', async () => {
    const { state, keys } = issuer({ failureCooldownSeconds: 100_000 });
    const key = await found(keys, 'a');
    state.served = undefined;
    state.now += 600;
    await found(keys, 'a');
    expect(keys.has(key)).toBe(true);
    state.now += 86_400 - 600;
    expect(keys.has(key)).toBe(false);
  });
});
