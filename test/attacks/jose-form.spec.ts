import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { readVectors } from '../support/vectors.js';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import { es256, forge } from '../support/forge.js';
import { attack, genuine, slots, type Parts } from '../support/slots.js';

let server: AttackedServer;
beforeAll(async () => (server = await attackedServer()));
afterAll(() => server.close());

const withHeader = (members: object) => (parts: Parts) =>
  forge({ ...parts.header, ...members }, parts.claims, es256(parts.key));

const extensions: readonly (readonly [string, object])[] = [
  ['an unknown extension', { crit: ['urn:example:x'], 'urn:example:x': 1 }],
  ['an empty list', { crit: [] }],
  ['a string', { crit: 'exp' }],
  ['an object', { crit: { 0: 'exp' } }],
  ['null', { crit: null }],
  ['a name twice', { crit: ['x', 'x'], x: 1 }],
  ['a registered name', { crit: ['alg'] }],
  ['b64 false, critical', { b64: false, crit: ['b64'] }],
  ['b64 false, not critical', { b64: false }],
  ['b64 true', { b64: true, crit: ['b64'] }],
];

const forms: readonly (readonly [string, (jws: string) => string])[] = [
  ['flattened JSON', flattened],
  ['general JSON', general],
  [
    'general and flattened JSON in one',
    (jws) => JSON.stringify({ ...parse(flattened(jws)), ...parse(general(jws)) }),
  ],
  ['JSON that is compact too', (jws) => `${flattened(jws)}.${jws}`],
  ['a detached payload', (jws) => jws.replace(/\.[^.]+\./, '..')],
  ['two segments', (jws) => jws.slice(0, jws.lastIndexOf('.'))],
  ['four segments', (jws) => `${jws}.x`],
  ['an empty fourth segment', (jws) => `${jws}.`],
  ['five segments', (jws) => `${jws}.AA.AA`],
  ['no signature', (jws) => jws.slice(0, jws.lastIndexOf('.') + 1)],
  ['no header', (jws) => jws.slice(jws.indexOf('.'))],
];

const texts: readonly (readonly [string, (jws: string) => string])[] = [
  ['padding behind the signature', (jws) => `${jws}==`],
  ['padding behind the header', (jws) => jws.replace('.', '=.')],
  ['a blank in the payload', (jws) => jws.replace('.', '. ')],
  ['a tab in the payload', (jws) => jws.replace('.', '.\t')],
  ['the standard alphabet', (jws) => `${jws.slice(0, -2)}+/`],
  ['unused bits in the signature', withUnusedBits],
  ['a character too many', (jws) => `${jws}AAA`],
];

describe.each(slots)('Form in the slot $name', (slot) => {
  it.each(extensions)('THR-03 refuses crit and b64: %s', async (_name, members) => {
    await attack(server, slot, withHeader(members), 'crit');
  });

  it.each(forms)('THR-04 refuses %s', async (_name, reshape) => {
    await attack(server, slot, (parts) => reshape(genuine(parts)), 'format');
  });

  it.each(texts)('THR-05 refuses %s', async (_name, respell) => {
    await attack(server, slot, (parts) => respell(genuine(parts)), 'format');
  });

  it('THR-17 refuses a JWE', async () => {
    await attack(server, slot, () => jwe, 'format');
  });
});

describe.each(slots)('JSON in the slot $name', (slot) => {
  const twice = (name: string, text: string) => text.replace('{', `{${name}:"twice",`);
  const json: readonly (readonly [string, (text: string) => string | Uint8Array])[] = [
    ['a member twice, the last one good', (text) => twice(firstName(text), text)],
    [
      'a member twice, the first one good',
      (text) => text.replace(/\}$/, `,${firstName(text)}:"twice"}`),
    ],
    ['a member twice, one name escaped', (text) => twice(escapedName(text), text)],
    ['a member twice, deep inside', (text) => text.replace(/\}$/, ',"x":[{"y":1,"y":1}]}')],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['UTF-16', (text) => Buffer.from(text, 'utf16le')],
    [
      'octets that are not UTF-8',
      (text) => Buffer.from(text.replace(/\}$/, ',"x":"\xff"}'), 'latin1'),
    ],
    ['a number that overflows', (text) => text.replace(/\}$/, ',"x":1e400}')],
    [
      'a number that overflows, written long',
      (text) => text.replace(/\}$/, `,"x":1${'0'.repeat(250)}e99}`),
    ],
    ['a lone surrogate', (text) => text.replace(/\}$/, ',"x":"\\ud800"}')],
    ['a lone surrogate in a name', (text) => text.replace(/\}$/, ',"\\udc00":1}')],
    ['nesting of 60', (text) => text.replace(/\}$/, `,"x":${'['.repeat(60)}${']'.repeat(60)}}`)],
    ['a trailing comma', (text) => text.replace(/\}$/, ',}')],
    ['a second value', (text) => `${text}{}`],
    ['an array', (text) => `[${text}]`],
    ['a string', () => '"x"'],
    ['null', () => 'null'],
    ['nothing', () => ' '],
  ];

  it.each(json)('THR-06 refuses a header and a payload with %s', async (_name, spoil) => {
    const inHeader = ({ header, claims, key }: Parts) =>
      forge(spoil(JSON.stringify(header)), claims, es256(key));
    await attack(server, slot, inHeader, 'header');
    const inPayload = ({ header, claims, key }: Parts) =>
      forge(header, spoil(JSON.stringify(claims)), es256(key));
    await attack(server, slot, inPayload, 'payload');
  });
});

/** A longer `PoP` credential does not fit into the 16 KiB of header lines: hostile-input.spec.ts. */
describe.each(slots.filter(({ name }) => name !== 'PoP Authorization'))(
  'Size in the slot $name',
  (slot) => {
    it('THR-13 refuses more than 8,192 characters', async () => {
      await attack(server, slot, withHeader({ x: 'x'.repeat(6_000) }), 'size');
    });
  },
);

const jwe =
  readVectors<{ testGroups: readonly { tests: readonly { jwe: string }[] }[] }>(
    'threats/wycheproof-json_web_encryption_test.json',
  ).testGroups[0]?.tests[0]?.jwe ?? '';

function split(jws: string) {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  return { header, payload, signature };
}

function flattened(jws: string): string {
  const { header, payload, signature } = split(jws);
  return JSON.stringify({ protected: header, payload, signature });
}

function general(jws: string): string {
  const { header, payload, signature } = split(jws);
  return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
}

function parse(text: string): object {
  return JSON.parse(text) as object;
}

/** 64 octets end in a character with four unused bits. */
function withUnusedBits(jws: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return jws.slice(0, -1) + (alphabet[alphabet.indexOf(jws.slice(-1)) + 1] ?? '');
}

function firstName(text: string): string {
  return /"[^"]+"/.exec(text)?.[0] ?? '';
}

function escapedName(text: string): string {
  const name = firstName(text);
  return `"\\u00${name.charCodeAt(1).toString(16)}${name.slice(2)}`;
}
