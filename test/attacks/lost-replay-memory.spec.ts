import { describe, expect, it } from '@jest/globals';
import { accessToken, dpopProof, jwkBoundToken, signedRequest, T0 } from '@keybound/testing';
import { attackedServer, underDpop } from '../support/attacked-server.js';
import { CountingStore } from '../support/counting-store.js';
import { expectRefusal } from '../support/expect-refusal.js';
import { ForgetfulStore } from '../support/forgetful-store.js';
import type { RawResponse } from '../support/raw-request.js';

const token = await accessToken();

/** A resource whose replay memory a test may lose; the clock goes on as far as the test says. */
async function forgetfulServer(options: Parameters<typeof attackedServer>[0] = {}) {
  const store = new ForgetfulStore();
  const server = await attackedServer(options, {}, new CountingStore(store));
  return {
    ...server,
    loseMemory: () => {
      server.audit.events.length = 0;
      store.loseMemory(server.clock.now());
    },
    present: async (proof: string) => server.send({ headers: await underDpop(token, proof) }),
    sign: (request: string) => server.send({ headers: [['Authorization', `PoP ${request}`]] }),
  };
}

function withoutDate({ status, headers, body }: RawResponse) {
  return { status, body, headers: headers.filter(([name]) => name !== 'date') };
}

describe('A resource whose replay memory was lost', () => {
  it('THR-68 DPOP-13 answers what it may have forgotten as it answers a replay, and says why to the operator alone', async () => {
    const server = await forgetfulServer();
    const proof = await dpopProof({}, {}, token);
    expect((await server.present(proof)).status).toBe(200);
    const replay = await server.present(proof);
    server.clock.set(T0 + 20);
    server.loseMemory();
    const response = await server.present(proof);
    expectRefusal(response, { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' });
    expect(withoutDate(response)).toEqual(withoutDate(replay));
    expect(server.audit.events).toEqual([
      expect.objectContaining({
        kind: 'refused',
        code: 'replay.forgotten',
        requirement: 'THR-68',
        actual: `dpop, acceptable since ${String(T0 - 30)}`,
      }),
    ]);
    await server.close();
  });

  it('THR-68 DPOP-13 takes new proofs again after one window, and the old one never', async () => {
    const server = await forgetfulServer();
    const used = await dpopProof({}, {}, token);
    expect((await server.present(used)).status).toBe(200);
    server.clock.set(T0 + 5);
    server.loseMemory();
    const statuses: number[] = [];
    for (const now of [T0 + 5, T0 + 34, T0 + 35, T0 + 90, T0 + 91]) {
      server.clock.set(now);
      const fresh = await dpopProof({ iat: now }, {}, token);
      statuses.push((await server.present(fresh)).status, (await server.present(used)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 200, 401, 200, 401, 200, 401]);
    await server.close();
  });

  it('THR-68 SHR-27 refuses a signed request that it may have forgotten', async () => {
    const server = await forgetfulServer();
    const bound = await jwkBoundToken();
    const request = await signedRequest(bound, { nonce: 'one' });
    expect((await server.sign(request)).status).toBe(200);
    server.clock.set(T0 + 60);
    server.loseMemory();
    expectRefusal(await server.sign(request), {
      status: 401,
      scheme: 'PoP',
      error: 'invalid_token',
    });
    expect(server.audit.events).toMatchObject([
      { kind: 'refused', code: 'replay.forgotten', requirement: 'THR-68' },
    ]);
    const since = await signedRequest(bound, { ts: T0 + 120, nonce: 'two' });
    expect((await server.sign(since)).status).toBe(200);
    await server.close();
  });

  it('THR-68 DPOP-34 goes by the nonce where one dates the proof, whatever iat says', async () => {
    const secrets = ['0123456789abcdef0123456789abcdef'];
    const server = await forgetfulServer({ nonces: { mode: 'required', secrets } });
    const nonceAt = async (now: number) => {
      server.clock.set(now);
      const [nonce] = (await server.present(await dpopProof({}, {}, token))).all('dpop-nonce');
      return nonce;
    };
    const proofWith = (nonce: string | undefined, iat: number) =>
      dpopProof({ nonce, iat }, {}, token);
    const before = await nonceAt(T0);
    const used = await proofWith(before, T0);
    expect((await server.present(used)).status).toBe(200);
    server.clock.set(T0 + 20);
    server.loseMemory();
    expectRefusal(await server.present(used), {
      status: 401,
      scheme: 'DPoP',
      error: 'invalid_dpop_proof',
    });
    expect((await server.present(await proofWith(before, T0 + 300))).status).toBe(401);
    const early = await nonceAt(T0 + 79);
    expect((await server.present(await proofWith(early, T0 + 300))).status).toBe(401);
    const late = await nonceAt(T0 + 80);
    expect((await server.present(await proofWith(late, 1))).status).toBe(200);
    await server.close();
  });

  it('THR-68 only reports it where nothing is enforced', async () => {
    const server = await forgetfulServer({ enforcement: 'report' });
    server.loseMemory();
    expect((await server.present(await dpopProof({}, {}, token))).status).toBe(200);
    expect(server.audit.events).toMatchObject([{ kind: 'reported', code: 'replay.forgotten' }]);
    await server.close();
  });

  it('THR-68 has forgotten nothing of what could not be accepted before', async () => {
    const server = await forgetfulServer();
    server.clock.set(T0 - 30);
    server.loseMemory();
    server.clock.set(T0);
    expect((await server.present(await dpopProof({}, {}, token))).status).toBe(200);
    expect(server.store.spends).toMatchObject([{ since: T0 - 30 }]);
    await server.close();
  });
});
