import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statelessNonces } from '@keybound/core';
import {
  accessToken,
  clientKey,
  dpopProof,
  jwkBoundToken,
  otherKey,
  scene,
  signedRequest,
  T0,
} from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { challengeOf } from '../support/challenges.js';

const secret = 'a secret of at least thirty-two octets, shared';
const nonces = { mode: 'required' as const, secrets: [secret], lifetimeSeconds: 300 };

describe('server nonces over HTTP (RFC 9449 §8, §9; SHR)', () => {
  let server: AttackedServer;
  let token: string;
  beforeAll(async () => {
    server = await attackedServer({ nonces, explain: true });
    token = await accessToken();
  });
  afterAll(() => server.close());

  const withProof = async (flaw: object, signing = {}) =>
    server.send({
      headers: await underDpop(token, await dpopProof(flaw as never, signing, token)),
    });

  const underPop = async (flaw: object) => {
    const shr = await signedRequest(await jwkBoundToken(), flaw as never);
    return server.send({ headers: [['Authorization', `PoP ${shr}`]] });
  };

  it('DPOP-10 DPOP-31 hands out a nonce, and accepts the proof that carries it', async () => {
    const challenged = await withProof({});
    expect(challenged.status).toBe(401);
    expect(challengeOf(challenged.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'use_dpop_nonce',
    );
    const [nonce = '', ...others] = challenged.all('dpop-nonce');
    expect(others).toEqual([]);
    expect(nonce).toMatch(/^[!#-[\]-~]+$/);
    expect((await withProof({ nonce })).status).toBe(200);
  });

  it('DPOP-11 lets a nonce date the proof, so that a wrong clock does not matter', async () => {
    const [nonce] = (await withProof({})).all('dpop-nonce');
    expect((await withProof({ nonce, iat: T0 - 86_400 })).status).toBe(200);
  });

  it('DPOP-33 renews a nonce that is past half its life, and no other', async () => {
    const own = await attackedServer({ nonces });
    const send = async (nonce: string | undefined) =>
      own.send({
        headers: await underDpop(
          token,
          await dpopProof({ nonce, iat: own.clock.now() }, {}, token),
        ),
      });
    const [nonce] = (await send(undefined)).all('dpop-nonce');
    own.clock.set(T0 + 150);
    expect((await send(nonce)).all('dpop-nonce')).toEqual([]);
    own.clock.set(T0 + 151);
    expect((await send(nonce)).all('dpop-nonce')).toHaveLength(1);
    await own.close();
  });

  it.each([
    ['one of another role', () => nonceOf('authorization server')],
    ['one of another resource', () => nonceOf('resource server', 'https://other.example')],
    [
      'one under another secret',
      () => nonceOf('resource server', scene.resource, `another ${secret}`),
    ],
    ['one that is too old', () => nonceOf('resource server', scene.resource, secret, T0 - 301)],
    ['one that is made up', () => 'made-up'],
    ['an empty one', () => ''],
  ])('DPOP-32 DPOP-34 THR-88 refuses %s', async (_what, nonce) => {
    const response = await withProof({ nonce: nonce() });
    expect(challengeOf(response.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'use_dpop_nonce',
    );
    expect(response.all('dpop-nonce')).toHaveLength(1);
  });

  it('DPOP-31 THR-88 tells nothing of nonces to a proof that is invalid otherwise', async () => {
    const response = await withProof({ htm: 'POST' });
    expect(challengeOf(response.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'invalid_dpop_proof',
    );
    expect(response.all('dpop-nonce')).toHaveLength(1);
  });

  it('OPS-13 explains missing, expired and unknown nonces differently', async () => {
    const codes: (string | undefined)[] = [];
    for (const nonce of [
      undefined,
      nonceOf('resource server', scene.resource, secret, T0 - 301),
      'x',
    ]) {
      await withProof({ nonce });
      codes.push(server.audit.events.at(-1)?.code);
    }
    expect(codes).toEqual(['dpop.nonce_missing', 'dpop.nonce_expired', 'dpop.nonce_unknown']);
  });

  it('OPS-07 leaves nothing behind for a proof that only got a nonce', async () => {
    const own = await attackedServer({ nonces });
    await own.send({ headers: await underDpop(token) });
    expect(own.store.claims).toBe(0);
    await own.close();
  });

  it('DPOP-34 still tells a replay within the life of a nonce', async () => {
    const [nonce] = (await withProof({})).all('dpop-nonce');
    const headers = await underDpop(token, await dpopProof({ nonce }, {}, token));
    expect((await server.send({ headers })).status).toBe(200);
    expect((await server.send({ headers })).status).toBe(401);
    expect(server.audit.events.at(-1)?.code).toBe('dpop.replayed');
  });

  it('DPOP-12 compares the key even where the nonce is good', async () => {
    const [nonce] = (await withProof({})).all('dpop-nonce');
    const response = await withProof({ nonce }, { key: otherKey });
    expect(challengeOf(response.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'invalid_token',
    );
  });

  it('SHR-28 puts the nonce first into the PoP challenge, and the next one beside the answer', async () => {
    const challenged = await underPop({});
    const challenge = challengeOf(challenged.all('www-authenticate'), 'PoP');
    expect(challenge?.names[0]).toBe('nonce');
    expect(challenge?.parameters['error']).toBe('invalid_token');
    const nonce = challenge?.parameters['nonce'];
    expect(nonce).not.toMatch(/[=,]/);
    const admitted = await underPop({ nonce, jti: 'first' });
    expect(admitted.status).toBe(200);
    expect(admitted.all('authentication-info').join()).toMatch(/^nextnonce="[A-Za-z0-9_-]+"$/);
  });

  it('SHR-27 takes a nonce and jti once, and the same nonce with another jti again', async () => {
    const nonce = nonceOf('resource server');
    expect((await underPop({ nonce, jti: 'a' })).status).toBe(200);
    expect((await underPop({ nonce, jti: 'b' })).status).toBe(200);
    expect((await underPop({ nonce, jti: 'a' })).status).toBe(401);
    expect(server.audit.events.at(-1)?.code).toBe('shr.replayed');
  });

  function nonceOf(
    role: string,
    identifier: string = scene.resource,
    key = secret,
    at: number = T0,
  ): string {
    return statelessNonces({ role, identifier, secrets: [key], lifetimeSeconds: 300 }).issue(
      at as typeof T0,
    );
  }
});

describe("server nonces under enforcement: 'report'", () => {
  it('DPOP-31 SHR-28 are handed out with the answers that would have been refusals', async () => {
    const server = await attackedServer({ nonces, enforcement: 'report' });
    const token = await accessToken();
    const lenient = await server.send({ headers: await underDpop(token) });
    expect(lenient.status).toBe(200);
    expect(lenient.all('cache-control')).toEqual(['no-store']);
    const [nonce] = lenient.all('dpop-nonce');
    const proof = await dpopProof({ nonce }, {}, token);
    await server.send({ headers: await underDpop(token, proof) });
    const shr = await signedRequest(await jwkBoundToken());
    const signed = await server.send({ headers: [['Authorization', `PoP ${shr}`]] });
    expect(signed.all('authentication-info').join()).toMatch(/^nextnonce="/);
    expect(server.audit.events.map(({ kind, code }) => `${kind} ${code}`)).toEqual([
      'reported dpop.nonce_missing',
      'reported shr.nonce',
    ]);
    await server.close();
  });
});

describe('replay of signed HTTP requests (SHR-27)', () => {
  const unidentified = { nonce: undefined };

  it('SHR-27 accepts a request without nonce again, unless told to be strict', async () => {
    const server = await attackedServer();
    const headers = [
      ['Authorization', `PoP ${await signedRequest(await jwkBoundToken(), unidentified)}`],
    ] as const;
    expect((await server.send({ headers })).status).toBe(200);
    expect((await server.send({ headers })).status).toBe(200);
    await server.close();
  });

  it('SHR-27 remembers the signed text where told to be strict, whatever its signature', async () => {
    const { baseline } = await import('@keybound/pop');
    const server = await attackedServer({
      signedHttpRequest: { ...baseline.signedHttpRequest, replay: 'strict' },
    });
    const token = await jwkBoundToken();
    const first = await signedRequest(token, unidentified, { key: clientKey });
    const again = await signedRequest(token, unidentified, { key: clientKey });
    expect(again).not.toBe(first);
    expect((await server.send({ headers: [['Authorization', `PoP ${first}`]] })).status).toBe(200);
    expect((await server.send({ headers: [['Authorization', `PoP ${again}`]] })).status).toBe(401);
    await server.close();
  });
});
