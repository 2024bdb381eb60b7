import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { clientKey, issuerJwks, otherKey, publicPart } from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import { es256, forge } from '../support/forge.js';
import { listen, type ProtectedServer } from '../support/protected-server.js';
import {
  attack,
  authorizationSlot,
  dpopSlot,
  genuine,
  innerTokenSlot,
  popSlot,
  slots,
  type Parts,
} from '../support/slots.js';
import {
  coercedKeys,
  misusedKeys,
  privateKeys,
  weakPoints,
  weakRsaKeys,
} from '../support/weak-keys.js';

let server: AttackedServer;
let canary: ProtectedServer;
const visits = jest.fn();

beforeAll(async () => {
  server = await attackedServer();
  canary = await listen(
    createServer((request, response) => {
      visits(request.url);
      response.end();
    }),
  );
});
afterAll(async () => {
  await server.close();
  await canary.close();
});

const keyCases = [
  ...weakRsaKeys.map(([name, jwk]) => ['THR-07', name, jwk] as const),
  ...weakPoints.map(([name, jwk]) => ['THR-08', name, jwk] as const),
  ...coercedKeys.map(([name, jwk]) => ['THR-16', name, jwk] as const),
  ...misusedKeys.map(([name, jwk]) => ['THR-18', name, jwk] as const),
  ...privateKeys.map(([name, jwk]) => ['THR-24', name, jwk] as const),
];
const algorithmOf = (jwk: object) =>
  ({ RSA: 'PS256', OKP: 'EdDSA' })[String((jwk as { kty?: unknown }).kty)] ?? 'ES256';

describe('A key that must not be used', () => {
  it.each(keyCases)('%s refuses in the header of a proof: %s', async (threat, _name, jwk) => {
    const proof = ({ header, claims, key }: Parts) =>
      forge({ ...header, jwk, alg: algorithmOf(jwk) }, claims, es256(key));
    const misfit = threat === 'THR-18' && 'alg' in jwk;
    await attack(server, dpopSlot, proof, misfit ? 'alg' : 'key');
  });

  it.each(keyCases)('%s refuses in cnf.jwk: %s', async (threat, _name, jwk) => {
    const token = ({ header, claims, key }: Parts) =>
      forge(header, { ...claims, cnf: { jwk } }, es256(key));
    const misfit = threat === 'THR-18' && 'alg' in jwk;
    const unsound = 'kty' in jwk && jwk.kty === 'oct' ? 'cnf.key CNF-05' : 'cnf.key CNF-04';
    const audit = misfit ? 'shr.alg SHR-22' : unsound;
    await attack(server, innerTokenSlot, token, { audit });
  });

  it('THR-08 refuses a proof under the point of order 1, which anybody can sign', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` };
    const identityAndZero = () => Uint8Array.from({ length: 64 }, (_, at) => (at === 0 ? 1 : 0));
    const proof = ({ header, claims }: Parts) =>
      forge({ ...header, alg: 'EdDSA', jwk }, claims, identityAndZero);
    await attack(server, dpopSlot, proof, 'key');
  });
});

describe.each(slots)('Signatures in the slot $name', (slot) => {
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  const psychic: readonly (readonly [string, string])[] = [
    ['r and s zero', '00'.repeat(64)],
    ['r and s the order', order + order],
    ['r one and s the order', `${'00'.repeat(31)}01${order}`],
    ['all ones', 'ff'.repeat(64)],
    ['63 octets', '01'.repeat(63)],
    ['65 octets', '01'.repeat(65)],
    ['DER', '3006020101020101'],
  ];

  it.each(psychic)('THR-08 refuses %s', async (_name, hex) => {
    const signed = ({ header, claims }: Parts) =>
      forge(header, claims, () => Buffer.from(hex, 'hex'));
    await attack(server, slot, signed, 'signature');
  });

  it('THR-10 refuses a signature by another key, whatever the header names', async () => {
    const url = `http://127.0.0.1:${String(canary.port)}/keys`;
    const jwk = slot === dpopSlot ? publicPart(clientKey) : publicPart(otherKey);
    const hints = [
      { jwk },
      { jku: url },
      { x5u: url },
      { x5c: ['MIIB'] },
      { jwk, jku: url, x5u: url },
    ];
    for (const hint of hints) {
      const signed = ({ header, claims }: Parts) =>
        forge({ ...header, ...hint }, claims, es256(otherKey));
      await attack(server, slot, signed, 'signature');
    }
    expect(visits).not.toHaveBeenCalled();
  });
});

describe('A key set that cnf names', () => {
  it('THR-10 is not fetched unless its host is allowed', async () => {
    for (const jku of [
      `http://127.0.0.1:${String(canary.port)}/`,
      'https://api.example.com/keys',
    ]) {
      const token = ({ header, claims, key }: Parts) =>
        forge(header, { ...claims, cnf: { jku, kid: '1' } }, es256(key));
      await attack(server, innerTokenSlot, token, { audit: 'cnf.key_set CNF-08' });
    }
    expect(visits).not.toHaveBeenCalled();
  });
});

const kids: readonly (readonly [string, unknown])[] = [
  ['a path', '../../../../dev/null'],
  ['SQL', "' UNION SELECT 'key"],
  ['LDAP', '*)(uid=*'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['a NUL', 'issuer-1\0'],
  ['another case', 'ISSUER-1'],
  ['a blank', 'issuer-1 '],
  ['the empty string', ''],
];
const notKids: readonly (readonly [string, unknown])[] = [
  ['3 kB', 'x'.repeat(3_000)],
  ['257 characters', 'x'.repeat(257)],
  ['an array', ['issuer-1']],
  ['an object', { toString: 'issuer-1' }],
  ['a number', 1],
  ['null', null],
];

describe.each([authorizationSlot, innerTokenSlot])('kid in the slot $name', (slot) => {
  const withKid = (kid: unknown) => (parts: Parts) =>
    genuine({ ...parts, header: { ...parts.header, kid } });

  it.each(kids)('THR-11 finds no key by %s', async (_name, kid) => {
    await attack(server, slot, withKid(kid), 'key');
  });

  it.each(notKids)('THR-11 takes no kid that is %s', async (_name, kid) => {
    await attack(server, slot, withKid(kid), 'header');
  });
});

describe('kid of another issuer', () => {
  it('THR-11 names no key of this one', async () => {
    const keys = [{ ...publicPart(otherKey), kid: 'other-1' }];
    const both = await attackedServer({
      issuers: [
        { issuer: 'https://as.example.com', jwks: issuerJwks },
        { issuer: 'https://other.example', jwks: { keys } },
      ],
    });
    try {
      const header = { alg: 'ES256', typ: 'at+jwt', kid: 'other-1' };
      const foreign = ({ claims }: Parts) => forge(header, claims, es256(otherKey));
      await attack(both, authorizationSlot, foreign, 'key');
      await attack(both, innerTokenSlot, foreign, 'key');
    } finally {
      await both.close();
    }
  });

  it('THR-10 THR-11 takes the key for a PoP signature from the token alone', async () => {
    const header = { alg: 'ES256', typ: 'pop', jwk: publicPart(otherKey), kid: 'other-1' };
    await attack(
      server,
      popSlot,
      ({ claims }) => forge(header, claims, es256(otherKey)),
      'signature',
    );
  });
});
