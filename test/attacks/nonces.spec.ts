import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statelessNonces } from '@keybound/core';
import { accessToken, dpopProof, scene, T0, SettableClock } from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { expectRefusal } from '../support/expect-refusal.js';

const secrets = ['a secret of at least thirty-two characters'];
const server0 = {
  identifier: scene.resource,
  role: 'resource server',
  secrets,
  lifetimeSeconds: 300,
} as const;
const token = await accessToken();
const now = new SettableClock().now();

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer({ nonces: { mode: 'required', secrets } })));
afterAll(() => server.close());

async function send(flaw: object) {
  return server.send({ headers: await underDpop(token, await dpopProof({ ...flaw }, {}, token)) });
}

const wantsNonce = { status: 401, scheme: 'DPoP', error: 'use_dpop_nonce' } as const;
const badProof = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;
const current = () => statelessNonces(server0).issue(now);
const longAgo = () => statelessNonces(server0).issue(new SettableClock(T0 - 3_600).now());

const unknown: readonly (readonly [string, () => unknown])[] = [
  ['none', () => undefined],
  ['an empty one', () => ''],
  ['a made-up one', () => 'made-up'],
  ['one with CR and LF', () => 'a\r\nSet-Cookie: x=1'],
  ['one of 6 kB', () => 'x'.repeat(4_000)],
  ['an expired one', longAgo],
  [
    'one of another secret',
    () => statelessNonces({ ...server0, secrets: ['x'.repeat(32)] }).issue(now),
  ],
  [
    'one of the authorization server',
    () => statelessNonces({ ...server0, role: 'authorization server' }).issue(now),
  ],
  [
    'one of another resource',
    () => statelessNonces({ ...server0, identifier: 'https://b.example' }).issue(now),
  ],
  ['one with a character changed', () => `${current().slice(0, -2)}AA`],
];

describe('A resource that demands its nonces', () => {
  it.each(unknown)(
    'THR-88 DPOP-10 asks for a fresh one, and uses nothing up: %s',
    async (_name, nonce) => {
      const jti = crypto.randomUUID();
      const before = server.store.claims;
      const response = await send({ jti, nonce: nonce() });
      expectRefusal(response, wantsNonce);
      const [fresh = '', ...others] = response.all('dpop-nonce');
      expect(others).toEqual([]);
      expect(fresh).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(server.store.claims).toBe(before);
      expect((await send({ jti, nonce: fresh })).status).toBe(200);
    },
  );

  it.each([[1], [null], [['x']], [{}], [true]])(
    'THR-88 refuses a nonce that is no text: %j',
    async (nonce) => {
      expectRefusal(await send({ nonce }), badProof);
    },
  );

  it('THR-88 asks only where everything else is right', async () => {
    for (const flaw of [
      { htm: 'POST' },
      { htu: 'https://evil.example/' },
      { jti: '' },
      { ath: 'x' },
    ]) {
      const nonce = 'htm' in flaw ? undefined : current();
      expectRefusal(await send({ ...flaw, nonce }), badProof);
    }
  });

  it('THR-88 DPOP-13 takes one nonce for many proofs, each of them once', async () => {
    const nonce = current();
    const proof = await dpopProof({ nonce }, {}, token);
    const present = async () => server.send({ headers: await underDpop(token, proof) });
    expect((await present()).status).toBe(200);
    expectRefusal(await present(), badProof);
    expect((await send({ nonce })).status).toBe(200);
  });
});
