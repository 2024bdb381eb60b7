import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessToken, dpopProof, hash, jwkBoundToken, signedRequest } from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { expectOAuthShape, expectRefusal } from '../support/expect-refusal.js';
import { es256, forge } from '../support/forge.js';
import {
  attack,
  authorizationSlot,
  dpopSlot,
  genuine,
  popSlot,
  slots,
  type Parts,
} from '../support/slots.js';

const token = await accessToken();
const badProof = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer({ maxContentBytes: 1_000 })));
afterAll(() => server.close());

// Whatever came before, the server still takes what is good, and nobody's prototype was changed.
afterEach(async () => {
  expect((await server.send({ headers: await underDpop(token) })).status).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe.each(slots)('Mutations, a thousand over all slots, in the slot $name', (slot) => {
  const printable = fc.string({
    unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
  });
  const cut = fc.record({ at: fc.nat(), remove: fc.nat(3), insert: printable });

  it('INV-1 INV-4 OPS-23 of the text are all refused, in OAuth’s shape', async () => {
    const text = genuine(await slot.parts());
    const claims = server.store.claims;
    await fc.assert(
      fc.asyncProperty(cut, async ({ at, remove, insert }) => {
        const from = at % text.length;
        const mutated = text.slice(0, from) + insert + text.slice(from + remove);
        fc.pre(mutated !== text);
        const response = await slot.send(server, mutated);
        expect([400, 401]).toContain(response.status);
        expectOAuthShape(response);
      }),
      { numRuns: 250, seed: 20_261_122 },
    );
    expect(server.store.claims).toBe(claims);
    expect((await slot.send(server, text)).status).toBe(200);
  });

  const names = fc.constantFrom(
    ...[
      'alg',
      'typ',
      'jwk',
      'kid',
      'crit',
      'b64',
      'jti',
      'htm',
      'htu',
      'iat',
      'ath',
      'nonce',
      'exp',
      'nbf',
    ],
    ...[
      'at',
      'ts',
      'm',
      'u',
      'p',
      'q',
      'h',
      'b',
      'iss',
      'sub',
      'aud',
      'client_id',
      'scope',
      'cnf',
      '__proto__',
    ],
  );
  const change = fc.record({
    inHeader: fc.boolean(),
    name: names,
    value: fc.jsonValue({ maxDepth: 3 }),
  });

  it('INV-1 INV-4 OPS-23 of one member, signed again, never fail', async () => {
    await fc.assert(
      fc.asyncProperty(change, async ({ inHeader, name, value }) => {
        const parts = await slot.parts();
        const member = Object.fromEntries([[name, value]]);
        const header = inHeader ? { ...parts.header, ...member } : parts.header;
        const payload = inHeader ? parts.claims : { ...parts.claims, ...member };
        const response = await slot.send(server, forge(header, payload, es256(parts.key)));
        expect([200, 400, 401]).toContain(response.status);
        if (response.status !== 200) expectOAuthShape(response);
      }),
      { numRuns: 250, seed: 20_261_122 },
    );
  });
});

describe('Names from Object.prototype', () => {
  const hostile = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'then',
    'hasOwnProperty',
    'valueOf',
  ];

  it.each(hostile)('THR-34 mean nothing as a member: %s', async (name) => {
    const good = { alg: 'ES256', typ: 'dpop+jwt', jkt: 'x', at: token };
    const text = (members: object) =>
      JSON.stringify(members).replace('{', `{"${name}":${JSON.stringify({ x: 1, ...good })},`);
    const withoutAlg = ({ header, claims, key }: Parts) =>
      forge(text({ ...header, alg: undefined }), claims, es256(key));
    for (const slot of slots) await attack(server, slot, withoutAlg, 'alg');
    const cnf = ({ header, claims, key }: Parts) =>
      forge(
        header,
        JSON.stringify(claims).replace(/"cnf":\{/, `"cnf":{"${name}":{"jkt":"x"}},"_":{`),
        es256(key),
      );
    await attack(server, authorizationSlot, cnf, { audit: 'cnf.unknown CNF-03' });
    const withoutAt = ({ header, claims, key }: Parts) =>
      forge(header, text({ ...claims, at: undefined }), es256(key));
    await attack(server, popSlot, withoutAt, { audit: 'shr.at SHR-01' });
  });

  it.each(hostile)('THR-34 mean nothing as a value: %s', async (name) => {
    for (const claims of [{ iss: name }, { aud: name }, { cnf: name }, { cnf: { [name]: name } }]) {
      const odd = (parts: Parts) =>
        forge(parts.header, { ...parts.claims, ...claims }, es256(parts.key));
      await attack(server, authorizationSlot, odd);
    }
    for (const header of [
      { alg: name },
      { typ: name },
      { jwk: { kty: name } },
      { jwk: { kty: 'EC', crv: name } },
    ]) {
      const odd = (parts: Parts) =>
        forge({ ...parts.header, ...header }, parts.claims, es256(parts.key));
      await attack(server, dpopSlot, odd);
    }
  });

  it('THR-34 do no harm as scope, subject or client', async () => {
    const odd = await accessToken({
      sub: '__proto__',
      client_id: 'constructor',
      scope: '__proto__ toString',
    });
    const response = await server.send({ headers: await underDpop(odd) });
    expect(JSON.parse(response.body)).toMatchObject({ subject: '__proto__' });
  });
});

describe('jti of odd size and type', () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['257 characters', 'x'.repeat(257), 'dpop.jti DPOP-14'],
    ['4 kB', 'x'.repeat(4_000), 'dpop.jti DPOP-14'],
    ['empty', '', 'dpop.claims DPOP-03'],
    ['a number', 1, 'dpop.claims DPOP-03'],
    ['a list', ['x'], 'dpop.claims DPOP-03'],
    ['null', null, 'dpop.claims DPOP-03'],
    ['missing', undefined, 'dpop.claims DPOP-03'],
  ];

  it.each(refused)('THR-29 DPOP-14 is refused: %s', async (_name, jti, audit) => {
    const odd = (parts: Parts) => forge(parts.header, { ...parts.claims, jti }, es256(parts.key));
    await attack(server, dpopSlot, odd, { audit });
  });

  it('THR-29 takes 256 characters, a NUL and an emoji, each once', async () => {
    for (const jti of ['x'.repeat(256), 'a\0b', '😀']) {
      const proof = await dpopProof({ jti }, {}, token);
      expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(200);
      expectRefusal(await server.send({ headers: await underDpop(token, proof) }), badProof);
    }
  });
});

describe('What is too much', () => {
  it('THR-13 is refused by Node beyond 16 KiB of header lines', async () => {
    const long = `PoP ${'x'.repeat(20_000)}`;
    expect((await server.send({ headers: [['Authorization', long]] })).status).toBe(431);
    const lines = Array.from({ length: 3_000 }, (_, at) => [`X-${String(at)}`, 'x'] as const);
    expect((await server.send({ headers: lines })).status).toBe(431);
  });

  it('THR-13 is answered 413 where content would have to be kept to be hashed', async () => {
    const body = Buffer.alloc(1_001, 'x');
    const request = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(body) });
    const sent = { method: 'POST', body, headers: [['Authorization', `PoP ${request}`]] as const };
    const response = await server.send(sent);
    expect(response.status).toBe(413);
    expectOAuthShape(response);
    const fitting = body.subarray(1);
    const within = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(fitting) });
    const accepted = {
      ...sent,
      body: fitting,
      headers: [['Authorization', `PoP ${within}`]] as const,
    };
    expect((await server.send(accepted)).status).toBe(200);
  });

  it.each(['a', '.', '=', ' ', '%', '/./', '../', ',', '"', '\\', '&', '%2e/', ';'])(
    'THR-74 INV-1 is answered, however often it is repeated: %j',
    async (unit) => {
      const long = unit.repeat(Math.floor(14_000 / unit.length));
      const requests = [
        { headers: [['Authorization', `DPoP ${long}!`]] as const },
        { headers: [['Authorization', `${long}!`]] as const },
        {
          headers: [
            ['Authorization', `DPoP ${token}`],
            ['DPoP', `${long}!`],
          ] as const,
        },
        { target: `/${long.replaceAll(' ', '+')}`, headers: await underDpop(token) },
        { target: `/orders?${long.replaceAll(' ', '+')}` },
      ];
      for (const request of requests) {
        const { status } = await server.send(request);
        expect([400, 401, 404]).toContain(status);
      }
    },
  );

  it('THR-74 a covered field may hold any number of blanks, which are hashed as they are', async () => {
    const value = `a${' '.repeat(10_000)}b`;
    const h = [['x-a'], hash(`x-a: ${value}`)];
    const request = await signedRequest(await jwkBoundToken(), { h });
    const headers = [
      ['Authorization', `PoP ${request}`],
      ['X-A', ` ${value}\t `],
    ] as const;
    expect((await server.send({ headers })).status).toBe(200);
  });
});
