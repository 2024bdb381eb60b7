import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryReplayStore, type ReplayStore } from '@keybound/core';
import {
  accessToken,
  answeringLate,
  clientKey,
  dpopProof,
  hash,
  jwkBoundToken,
  otherKey,
  publicPart,
  scene,
  signedRequest,
  T0,
  thumbprint,
} from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { CountingStore } from '../support/counting-store.js';
import { expectRefusal } from '../support/expect-refusal.js';
import { es256, forge, malleatedTwin } from '../support/forge.js';
import type { RawResponse } from '../support/raw-request.js';

const replayed = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;
const token = await accessToken();

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

async function present(proof: string, to = server, target = '/orders'): Promise<RawResponse> {
  return to.send({ target, headers: await underDpop(token, proof) });
}

function expectReplay(response: RawResponse): void {
  expectRefusal(response, replayed);
  const { kind, code, requirement } = server.audit.events.at(-1) ?? {};
  expect({ kind, code, requirement }).toEqual({
    kind: 'replay',
    code: 'dpop.replayed',
    requirement: 'DPOP-13',
  });
}

describe('A second use of one proof', () => {
  let proof: string;
  let jti: string;
  beforeEach(async () => {
    jti = crypto.randomUUID();
    proof = await dpopProof({ jti }, {}, token);
    expect((await present(proof)).status).toBe(200);
  });

  it('THR-28 DPOP-13 OPS-05 is refused, and told as a replay', async () => {
    expectReplay(await present(proof));
  });

  it('THR-28 is refused when signed again, with other claims around the same jti', async () => {
    expectReplay(await present(await dpopProof({ jti }, {}, token)));
    expectReplay(await present(await dpopProof({ jti, iat: T0 - 1, extra: 1 }, {}, token)));
  });

  it('THR-28 THR-05 is refused under the other signature (r, n - s)', async () => {
    const twin = malleatedTwin(proof);
    expect(twin).not.toBe(proof);
    expectReplay(await present(twin));
  });

  it('THR-28 THR-05 is refused with unused bits set, as a proof that is none', async () => {
    expectRefusal(
      await present(`${proof.slice(0, -1)}${proof.endsWith('A') ? 'B' : 'z'}`),
      replayed,
    );
    expect(server.audit.events.at(-1)?.kind).toBe('refused');
  });

  it('THR-28 OPS-07 is refused under other spellings of the target, on either side', async () => {
    const htu = 'HTTPS://API.example.com:443/./x/../%6Frders?page=2#top';
    expectReplay(await present(await dpopProof({ jti, htu }, {}, token)));
    expectReplay(await present(proof, server, '/orders?page=2'));
    expectReplay(await present(proof, server, '/%6frders'));
    expectReplay(await present(proof, server, 'https://api.example.com/orders'));
  });

  it('THR-28 OPS-06 is refused to the last second in which the proof is valid, and then as stale', async () => {
    server.clock.set(T0 + 90);
    expectReplay(await present(proof));
    server.clock.set(T0 + 91);
    expectRefusal(await present(proof), replayed);
    expect(server.audit.events.at(-1)?.code).toBe('dpop.iat');
    server.clock.set(T0);
  });
});

describe('What is no second use', () => {
  it('OPS-07 THR-30 takes one jti from two keys, and for two targets', async () => {
    const jti = crypto.randomUUID();
    expect((await present(await dpopProof({ jti }, {}, token))).status).toBe(200);
    const toItems = await dpopProof({ jti, htu: 'https://api.example.com/items' }, {}, token);
    expect((await present(toItems, server, '/items')).status).toBe(200);
    const foreign = await accessToken({ cnf: { jkt: thumbprint(otherKey) } });
    const proof = await dpopProof({ jti }, { key: otherKey }, foreign);
    expect((await server.send({ headers: await underDpop(foreign, proof) })).status).toBe(200);
  });

  it('THR-30 INV-3 records nothing for a forged proof with a victim’s jti', async () => {
    const jti = crypto.randomUUID();
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: publicPart(clientKey) };
    const claims = { jti, htm: 'GET', htu: scene.url, iat: T0, ath: hash(token) };
    const before = server.store.claims;
    const forgeries = [
      forge(header, claims, es256(otherKey)),
      forge(header, { ...claims, htm: 'POST' }, es256(clientKey)),
      forge(header, { ...claims, iat: T0 - 3_600 }, es256(clientKey)),
      forge(header, { ...claims, ath: hash('another token') }, es256(clientKey)),
      forge({ ...header, jwk: publicPart(otherKey) }, claims, es256(otherKey)),
    ];
    for (const forgery of forgeries) expect((await present(forgery)).status).toBe(401);
    expect(server.store.claims).toBe(before);
    expect((await present(forge(header, claims, es256(clientKey)))).status).toBe(200);
  });

  it('THR-30 INV-3 records nothing where the token lacks a scope', async () => {
    const store = new CountingStore();
    const scoped = await attackedServer({}, { scopes: ['orders:write'] }, store);
    try {
      const proof = await dpopProof({}, {}, token);
      expectRefusal(await present(proof, scoped), {
        status: 403,
        scheme: 'DPoP',
        error: 'insufficient_scope',
      });
      expect(store.claims).toBe(0);
    } finally {
      await scoped.close();
    }
  });

  it('THR-29 THR-30 names every proof by 32 octets, its fields never running together', async () => {
    const spends = server.store.spends.length;
    for (const jti of ['a', 'b'.repeat(256), 'ab\0c', 'é😀', '3:abc']) {
      expect((await present(await dpopProof({ jti }, {}, token))).status).toBe(200);
    }
    const digests = server.store.spends
      .slice(spends)
      .map(({ digest }) => Buffer.from(digest).toString('hex'));
    expect(new Set(digests).size).toBe(5);
    expect(digests.every((digest) => digest.length === 64)).toBe(true);
  });
});

describe('A second use of one signed HTTP request', () => {
  const refused = { status: 401, scheme: 'PoP', error: 'invalid_token' } as const;
  const send = (text: string) => server.send({ headers: [['Authorization', `PoP ${text}`]] });

  it('THR-28 SHR-27 OPS-05 is refused, also when signed again or malleated', async () => {
    const nonce = crypto.randomUUID();
    const bound = await jwkBoundToken();
    const request = await signedRequest(bound, { nonce });
    expect((await send(request)).status).toBe(200);
    for (const again of [
      request,
      malleatedTwin(request),
      await signedRequest(bound, { nonce, ts: T0 - 1 }),
    ]) {
      expectRefusal(await send(again), refused);
      expect(server.audit.events.at(-1)).toMatchObject({ kind: 'replay', requirement: 'SHR-27' });
    }
  });
});

describe('Twenty-five copies at once', () => {
  const stores: readonly (readonly [string, () => ReplayStore])[] = [
    ['a store in memory', () => new InMemoryReplayStore()],
    ['a store that answers late', () => answeringLate(new InMemoryReplayStore())],
  ];

  it.each(stores)(
    'THR-28 OPS-06 admits exactly one of one proof, with %s behind two instances',
    async (_name, make) => {
      const store = new CountingStore(make());
      const instances = [await attackedServer({}, {}, store), await attackedServer({}, {}, store)];
      try {
        for (let round = 0; round < 5; round += 1) {
          const proof = await dpopProof({}, {}, token);
          const to = (copy: number) => instances[copy % 2] ?? server;
          const responses = await Promise.all(
            Array.from({ length: 25 }, (_, copy) => present(proof, to(copy))),
          );
          const winners = responses.filter(({ status }) => status === 200);
          expect(winners).toHaveLength(1);
          for (const loser of responses) if (loser.status !== 200) expectRefusal(loser, replayed);
        }
      } finally {
        await Promise.all(instances.map((instance) => instance.close()));
      }
    },
  );
});
