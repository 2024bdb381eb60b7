import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  InMemoryReplayStore,
  staticKeys,
  StoreUnavailableError,
  UpstreamError,
  type KeySource,
  type ReplayStore,
} from '@keybound/core';
import { buildPopResource, type PopOptions } from '@keybound/pop';
import {
  accessToken,
  dpopProof,
  issuerJwks,
  jwkBoundToken,
  scene,
  signedRequest,
} from '@keybound/testing';
import { attackedServer, underDpop } from '../support/attacked-server.js';
import { CountingStore } from '../support/counting-store.js';
import { expectOAuthShape } from '../support/expect-refusal.js';
import type { RawResponse } from '../support/raw-request.js';

const token = await accessToken();

/** A store that can be taken away and given back. */
class BreakableStore implements ReplayStore {
  readonly sharing = 'process';
  readonly #inner = new InMemoryReplayStore();
  broken = false;

  claim(...[spends, now]: Parameters<ReplayStore['claim']>) {
    if (this.broken)
      return Promise.reject(new StoreUnavailableError('connect ECONNREFUSED redis:6379'));
    return this.#inner.claim(spends, now);
  }
}

function expectUnavailable(response: RawResponse): void {
  expect({ status: response.status, body: response.body }).toEqual({
    status: 503,
    body: '{"error":"temporarily_unavailable"}',
  });
  expect(response.all('retry-after')).toEqual(['1']);
  expect(response.all('www-authenticate')).toEqual([]);
  expectOAuthShape(response);
}

describe('A replay store that cannot answer', () => {
  it('OPS-08 THR-66 INV-9 lets nothing through, tells no one why, and recovers by itself', async () => {
    const store = new BreakableStore();
    const server = await attackedServer({}, {}, new CountingStore(store));
    try {
      const proof = await dpopProof({}, {}, token);
      const request = await signedRequest(await jwkBoundToken());
      store.broken = true;
      expectUnavailable(await server.send({ headers: await underDpop(token, proof) }));
      expectUnavailable(await server.send({ headers: [['Authorization', `PoP ${request}`]] }));
      expect(server.audit.events.at(-1)).toMatchObject({
        kind: 'fault',
        code: 'StoreUnavailableError',
        actual: 'connect ECONNREFUSED redis:6379',
      });
      store.broken = false;
      expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(200);
      expect((await server.send({ headers: [['Authorization', `PoP ${request}`]] })).status).toBe(
        200,
      );
      expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(401);
    } finally {
      await server.close();
    }
  });

  it('THR-66 THR-20 INV-3 is not asked for a request that is refused anyway', async () => {
    const store = new BreakableStore();
    store.broken = true;
    const server = await attackedServer({}, {}, new CountingStore(store));
    try {
      expect((await server.send({})).status).toBe(401);
      const stale = await dpopProof({ iat: 1 }, {}, token);
      expect((await server.send({ headers: await underDpop(token, stale) })).status).toBe(401);
    } finally {
      await server.close();
    }
  });

  it('THR-68 a full store in memory refuses new proofs rather than forget old ones', async () => {
    const store = new CountingStore(new InMemoryReplayStore({ maxEntries: 2 }));
    const server = await attackedServer({}, {}, store);
    try {
      const [first, second, third] = await Promise.all(
        [1, 2, 3].map(() => dpopProof({}, {}, token)),
      );
      const send = async (proof: string | undefined) =>
        server.send({ headers: await underDpop(token, proof) });
      expect((await send(first)).status).toBe(200);
      expect((await send(second)).status).toBe(200);
      expectUnavailable(await send(third));
      expect((await send(first)).status).toBe(401);
    } finally {
      await server.close();
    }
  });
});

describe('An issuer that cannot be reached', () => {
  it('THR-66 INV-9 answers 503 while its keys cannot be had, and 200 once they can', async () => {
    let reachable = false;
    const good = await staticKeys(issuerJwks);
    const keys: KeySource = {
      find: (query) =>
        reachable
          ? good.find(query)
          : Promise.reject(new UpstreamError('getaddrinfo ENOTFOUND as.internal')),
      has: () => false,
    };
    const server = await attackedServer({ issuers: [{ issuer: scene.issuer, keys }] });
    try {
      const proof = await dpopProof({}, {}, token);
      expectUnavailable(await server.send({ headers: await underDpop(token, proof) }));
      expect(server.audit.events.at(-1)).toMatchObject({
        kind: 'fault',
        code: 'UpstreamError',
        actual: 'getaddrinfo ENOTFOUND as.internal',
      });
      expect(server.store.claims).toBe(0);
      reachable = true;
      expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  it('INV-5 is not asked for a proof that proves nothing, nor for an issuer that is not trusted', async () => {
    let asked = 0;
    const keys: KeySource = {
      find: () => {
        asked += 1;
        return Promise.reject(new UpstreamError('not reachable'));
      },
      has: () => false,
    };
    const server = await attackedServer({ issuers: [{ issuer: scene.issuer, keys }] });
    try {
      const foreign = await accessToken({ iss: 'https://evil.example' });
      await server.send({ headers: await underDpop(foreign) });
      await server.send({
        headers: await underDpop(token, await dpopProof({ htm: 'POST' }, {}, token)),
      });
      await server.send({ headers: [['Authorization', `PoP ${await signedRequest(foreign)}`]] });
      await server.send({ headers: [['Authorization', `DPoP ${token}`]] });
      expect(asked).toBe(0);
    } finally {
      await server.close();
    }
  });
});

describe('A configuration that would skip a check', () => {
  const valid = {
    preset: 'baseline',
    deployment: 'development',
    resource: scene.resource,
    publicBaseUrl: scene.resource,
    issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
    replay: { store: new InMemoryReplayStore() },
  } as const satisfies PopOptions;

  const holes: readonly (readonly [string, object])[] = [
    ['no replay store', { replay: undefined }],
    ['a replay store that is none', { replay: { store: {} } }],
    ['no issuers', { issuers: [] }],
    ['no keys', { issuers: [{ issuer: scene.issuer, jwks: { keys: [] } }] }],
    ['no algorithms', { dpop: { algorithms: [], maxAgeSeconds: 60, clockSkewSeconds: 30 } }],
    [
      'none as an algorithm',
      { dpop: { algorithms: ['none'], maxAgeSeconds: 60, clockSkewSeconds: 30 } },
    ],
    [
      'HS256 for tokens',
      { issuers: [{ issuer: scene.issuer, jwks: issuerJwks, algorithms: ['HS256'] }] },
    ],
    ['no nonces, nor that there are none', { nonces: {} }],
    ['no public URL', { publicBaseUrl: undefined }],
    ['an empty resource', { resource: '' }],
    ['no audience', { audiences: [] }],
    ['a misspelt option', { unboundToken: 'refused' }],
  ];

  it.each(holes)('INV-9 OPS-08 does not start with %s', async (_name, hole) => {
    await expect(buildPopResource({ ...valid, ...hole })).rejects.toThrow(ConfigurationError);
    await expect(buildPopResource(valid)).resolves.toBeDefined();
  });
});
