import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicPart, scene } from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import { es256, forge, hs256 } from '../support/forge.js';
import { attack, genuine, slots, type Parts } from '../support/slots.js';

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

const unsigned = () => new Uint8Array(0);

const notAlgorithms: readonly (readonly [string, unknown])[] = [
  ['none', 'none'],
  ['None', 'None'],
  ['noNe', 'noNe'],
  ['NONE', 'NONE'],
  ['a blank before', ' none'],
  ['a blank behind', 'none '],
  ['the empty string', ''],
  ['nothing at all', undefined],
  ['null', null],
  ['an array', ['ES256']],
  ['an object', { name: 'ES256' }],
  ['a number', 256],
  ['lower case', 'es256'],
  ['a blank behind an allowed name', 'ES256 '],
  ['a name of Object.prototype', 'constructor'],
  ['__proto__', '__proto__'],
];

describe.each(slots)('alg in the slot $name', (slot) => {
  it('INV-6 takes the perfect message', async () => {
    expect((await slot.send(server, genuine(await slot.parts()))).status).toBe(200);
  });

  it.each(notAlgorithms)('THR-01 refuses %s, with and without a signature', async (_name, alg) => {
    const withAlg = ({ header }: Parts) => ({ ...header, alg });
    await attack(server, slot, (parts) => forge(withAlg(parts), parts.claims, unsigned), 'alg');
    const sealed = (parts: Parts) => forge(withAlg(parts), parts.claims, es256(parts.key));
    await attack(server, slot, sealed, 'alg');
  });

  const symmetric: readonly (readonly [string, (parts: Parts) => string])[] = [
    ['its JWK as JSON', ({ key }) => JSON.stringify(publicPart(key))],
    ['its PEM', ({ key }) => pemOf(key)],
    ['its PEM, trimmed', ({ key }) => pemOf(key).trim()],
    ['its PEM, a newline in front', ({ key }) => `\n${pemOf(key)}`],
    ['its x coordinate', ({ key }) => key.x],
    ['the client_id', () => scene.clientId],
    ['the empty key', () => ''],
  ];

  it.each(symmetric)(
    'THR-02 refuses HS256 keyed with the public key: %s',
    async (_name, secret) => {
      const confuse = (parts: Parts) =>
        forge({ ...parts.header, alg: 'HS256' }, parts.claims, hs256(secret(parts)));
      await attack(server, slot, confuse, 'alg');
    },
  );

  it('THR-02 refuses an embedded oct key, whatever alg says', async () => {
    const secret = Buffer.alloc(32, 1);
    const jwk = { kty: 'oct', k: secret.toString('base64url') };
    for (const alg of ['HS256', 'ES256']) {
      const confuse = ({ header, claims }: Parts) =>
        forge({ ...header, alg, jwk }, claims, hs256(secret));
      await attack(server, slot, confuse);
    }
  });
});

function pemOf(key: Parts['key']): string {
  return createPublicKey({ key: publicPart(key), format: 'jwk' })
    .export({ format: 'pem', type: 'spki' })
    .toString();
}
