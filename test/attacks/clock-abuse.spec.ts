import { afterAll, beforeAll, describe, it, expect } from '@jest/globals';
import { T0 } from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import { es256, forge } from '../support/forge.js';
import {
  attack,
  authorizationSlot,
  dpopSlot,
  genuine,
  popSlot,
  type Parts,
  type Slot,
} from '../support/slots.js';

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

const withClaims = (flaw: object) => (parts: Parts) =>
  forge(parts.header, { ...parts.claims, ...flaw }, es256(parts.key));

const refused: readonly (readonly [string, Slot, object, string])[] = [
  ['a proof of 91 s ago', dpopSlot, { iat: T0 - 91 }, 'dpop.iat DPOP-11'],
  ['a proof of 31 s ahead', dpopSlot, { iat: T0 + 31 }, 'dpop.iat DPOP-11'],
  ['a proof of an hour ago', dpopSlot, { iat: T0 - 3_600 }, 'dpop.iat DPOP-11'],
  ['a proof in milliseconds', dpopSlot, { iat: T0 * 1_000 }, 'dpop.iat DPOP-11'],
  ['a proof of 1e300', dpopSlot, { iat: 1e300 }, 'dpop.iat DPOP-11'],
  ['a proof before 1970', dpopSlot, { iat: -1 }, 'dpop.iat DPOP-11'],
  ['a proof whose iat is text', dpopSlot, { iat: String(T0) }, 'dpop.claims DPOP-03'],
  ['a proof whose iat is a list', dpopSlot, { iat: [T0] }, 'dpop.claims DPOP-03'],
  ['a proof without iat', dpopSlot, { iat: undefined }, 'dpop.claims DPOP-03'],
  ['a proof past its exp', dpopSlot, { exp: T0 - 30 }, 'dpop.exp DPOP-11'],
  ['a proof before its nbf', dpopSlot, { nbf: T0 + 31 }, 'dpop.exp DPOP-11'],
  ['a proof whose exp is text', dpopSlot, { exp: '9999999999' }, 'dpop.claims DPOP-03'],
  ['a request of 301 s ago', popSlot, { ts: T0 - 301 }, 'shr.ts SHR-26'],
  ['a request of 61 s ahead', popSlot, { ts: T0 + 61 }, 'shr.ts SHR-26'],
  ['a request of 1e300', popSlot, { ts: 1e300 }, 'shr.ts SHR-26'],
  ['a request of a fraction', popSlot, { ts: T0 + 0.5 }, 'shr.ts SHR-02'],
  ['a token past its exp', authorizationSlot, { exp: T0 - 30 }, 'token.expired RS-14'],
  ['a token before its nbf', authorizationSlot, { nbf: T0 + 31 }, 'token.not_yet_valid RS-14'],
  ['a token whose exp is text', authorizationSlot, { exp: '9999999999' }, 'token.claims RS-14'],
  ['a token without exp', authorizationSlot, { exp: undefined }, 'token.claims RS-14'],
  ['a token whose exp is null', authorizationSlot, { exp: null }, 'token.claims RS-14'],
];

const taken: readonly (readonly [string, Slot, object])[] = [
  ['a proof of 90 s ago', dpopSlot, { iat: T0 - 90 }],
  ['a proof of 30 s ahead', dpopSlot, { iat: T0 + 30 }],
  ['a proof of 10 s ago', dpopSlot, { iat: T0 - 10 }],
  ['a proof of 10 s ahead', dpopSlot, { iat: T0 + 10 }],
  ['a proof in its last second', dpopSlot, { exp: T0 - 29 }],
  ['a request of 300 s ago', popSlot, { ts: T0 - 300 }],
  ['a request of 60 s ahead', popSlot, { ts: T0 + 60 }],
  ['a token in its last second', authorizationSlot, { exp: T0 - 29 }],
  ['a token in its first second', authorizationSlot, { nbf: T0 + 30 }],
];

describe('Clock abuse', () => {
  it.each(refused)('THR-27 refuses %s', async (_name, slot, flaw, audit) => {
    await attack(server, slot, withClaims(flaw), { audit });
  });

  it.each(taken)('THR-27 takes %s', async (_name, slot, flaw) => {
    const parts = await slot.parts();
    const text = genuine({ ...parts, claims: { ...parts.claims, ...flaw } });
    expect((await slot.send(server, text)).status).toBe(200);
  });
});
