import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  clientKey,
  hash,
  issuerKey,
  jwkBoundToken,
  publicPart,
  scene,
  T0,
} from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import { es256, forge } from '../support/forge.js';
import { attack, genuine, slots, type Parts, type Slot } from '../support/slots.js';
import { readVectors } from '../support/vectors.js';

interface Kind {
  readonly typ: string;
  readonly legacyTyp?: string;
}

const { kinds, slots: matrix } = readVectors<{
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly slots: Readonly<Record<string, { readonly accepts: readonly string[] }>>;
}>('threats/jwt-kind-matrix.json');

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

/** Claims of every kind at once, so that nothing but the kind can be wrong. */
async function claimsOfEveryKind(parts: Parts): Promise<Record<string, unknown>> {
  const {
    issuer: iss,
    subject: sub,
    resource: aud,
    clientId: client_id,
    method: htm,
    url: htu,
  } = scene;
  return {
    ...{ iss, sub, aud, client_id, iat: T0, exp: T0 + 60, nbf: T0, jti: crypto.randomUUID() },
    ...{ nonce: crypto.randomUUID(), auth_time: T0, sid: '1', htm, htu, ts: T0 },
    ...{ at: await jwkBoundToken(), m: 'GET', u: 'api.example.com', p: '/orders' },
    ...{
      jwks: { keys: [publicPart(clientKey)] },
      attested_keys: [publicPart(clientKey)],
      active: true,
    },
    ...{
      vct: 'urn:example:vct',
      status_list: {},
      software_id: '1',
      response_type: 'code',
      id: '1',
    },
    ...parts.claims,
  };
}

const pairs = slots.flatMap((slot) =>
  Object.entries(kinds)
    .filter(([name]) => matrix[slot.name]?.accepts.includes(name) === false)
    .flatMap(([name, { typ, legacyTyp }]) =>
      [typ, legacyTyp].flatMap((each) =>
        each === undefined ? [] : [[name, each, slot.name, slot] as const],
      ),
    ),
);

/** Header parameters by which a kind could pass for the one that the slot takes. */
const headersOf = (slot: Slot, typ: string) => (parts: Parts) => ({
  jwk: publicPart(parts.key),
  ...parts.header,
  typ: spelling(slot, typ),
});

/** As issuers spell it: the full media type, too, where the slot takes either spelling. */
function spelling(slot: Slot, typ: string): string {
  return slot.name === 'DPoP header' ? typ : `application/${typ}`;
}

describe('JWTs of every other kind', () => {
  it('INV-6 has the four slots of a resource, and each takes its own kind', async () => {
    expect(slots.map(({ name }) => name).filter((name) => !(name in matrix))).toEqual([]);
    for (const slot of slots) {
      expect((await slot.send(server, genuine(await slot.parts()))).status).toBe(200);
    }
  });

  it.each(pairs)('THR-09 refuses %s (%s) in the slot %s', async (_kind, typ, _name, slot) => {
    for (const key of [clientKey, issuerKey]) {
      const full = async (parts: Parts) =>
        forge({ ...parts.header, typ }, await claimsOfEveryKind(parts), es256(key));
      await attack(server, slot, full, 'typ');
      const spelt = async (parts: Parts) =>
        forge(headersOf(slot, typ)(parts), await claimsOfEveryKind(parts), es256(key));
      await attack(server, slot, spelt, 'typ');
    }
  });

  it('THR-09 refuses no typ at all, and one that is no string, in every slot', async () => {
    for (const slot of slots) {
      for (const typ of [undefined, null, '', 'at+jwt\0', ['at+jwt'], ['dpop+jwt'], { pop: 1 }]) {
        const untyped = (parts: Parts) =>
          forge({ ...parts.header, typ }, parts.claims, es256(parts.key));
        await attack(server, slot, untyped, 'typ');
      }
    }
  });

  it('THR-09 compares the typ of a proof literally', async () => {
    const [slot] = slots.filter(({ name }) => name === 'DPoP header');
    if (slot === undefined) throw new Error('There is no such slot.');
    for (const typ of ['DPoP+JWT', 'application/dpop+jwt', 'dpop+jwt ', 'dpop', 'jwt']) {
      const respelt = (parts: Parts) =>
        forge({ ...parts.header, typ }, parts.claims, es256(parts.key));
      await attack(server, slot, respelt, 'typ');
    }
  });

  it('THR-09 refuses an access token as its own proof, its hash in it', async () => {
    const [authorization, dpop] = slots;
    if (authorization === undefined || dpop === undefined) throw new Error('There are no slots.');
    const token = genuine(await authorization.parts());
    await attack(
      server,
      dpop,
      ({ header, claims }) =>
        forge({ ...header, typ: 'at+jwt' }, { ...claims, ath: hash(token) }, es256(issuerKey)),
      'typ',
    );
  });
});
