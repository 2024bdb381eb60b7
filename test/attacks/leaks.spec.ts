import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accessToken,
  dpopProof,
  jwkBoundToken,
  otherKey,
  signedRequest,
  T0,
  type Flaw,
} from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';

describe('what an operator reads', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await attackedServer();
  });
  afterAll(() => server.close());

  it('OPS-29 THR-76 holds no token, no proof and no part of either, whatever was refused', async () => {
    const secrets: string[] = [];
    const keep = (secret: string) => {
      secrets.push(...secret.split('.').filter((part) => part.length > 20));
      return secret;
    };
    const flaws: readonly Flaw[] = [
      { htm: 'POST' },
      { htu: 'https://evil.example/' },
      { iat: T0 - 600 },
      { ath: 'x' },
      { jti: '' },
    ];
    for (const flaw of flaws) {
      const token = keep(await accessToken());
      await server.send({
        headers: await underDpop(token, keep(await dpopProof(flaw, {}, token))),
      });
    }
    for (const flaw of [{ exp: T0 - 600 }, { aud: 'x' }, { cnf: { osc: 1 } }] as readonly Flaw[]) {
      const token = keep(await accessToken(flaw));
      await server.send({ headers: await underDpop(token, keep(await dpopProof({}, {}, token))) });
      await server.send({ headers: [['Authorization', `Bearer ${token}`]] });
      await server.send({
        headers: [['Authorization', `PoP ${keep(await signedRequest(token))}`]],
      });
    }
    const bound = keep(await jwkBoundToken());
    for (const flaw of [
      { p: bound },
      { u: bound },
      { nonce: [bound] },
      { b: bound },
    ] as readonly Flaw[]) {
      await server.send({
        headers: [['Authorization', `PoP ${keep(await signedRequest(bound, flaw))}`]],
      });
    }
    const stolen = keep(await signedRequest(bound, {}, { key: otherKey }));
    await server.send({ headers: [['Authorization', `PoP ${stolen}`]] });
    await server.send({
      target: `/orders/${bound}`,
      headers: [['Authorization', `DPoP ${bound}`]],
    });
    await server.send({ target: `/orders?access_token=${bound}` });

    const log = JSON.stringify(server.audit.events);
    expect(server.audit.events.length).toBeGreaterThan(20);
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
    for (const { code, requirement, rule } of server.audit.events) {
      expect([code, requirement, rule].every((text) => typeof text === 'string')).toBe(true);
    }
  });
});
