import { generateKeyPairSync } from 'node:crypto';
import { clientKey, publicPart } from '@keybound/testing';
import { readVectors } from './vectors.js';

const { n } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  format: 'jwk',
});
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
  format: 'jwk',
});

const ofBits = (bits: number) => Buffer.alloc(bits / 8, 0xff).toString('base64url');
const exponent = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

const roca = readVectors<{
  testGroups: readonly {
    tests: readonly { tcId: number }[];
    public: { keys?: readonly object[] };
  }[];
}>('threats/wycheproof-json_web_key_test.json').testGroups.find(({ tests }) =>
  tests.some(({ tcId }) => tcId === 7),
)?.public;

/** RSA keys that must never be used. */
export const weakRsaKeys: readonly (readonly [string, object])[] = [
  ['RSA exponent 1', { kty: 'RSA', n, e: exponent('01') }],
  ['RSA exponent 3', { kty: 'RSA', n, e: exponent('03') }],
  ['an even RSA exponent', { kty: 'RSA', n, e: exponent('010002') }],
  ['an RSA exponent of 33 bits', { kty: 'RSA', n, e: exponent('0100000001') }],
  ['an RSA exponent of 16 kbit', { kty: 'RSA', n, e: ofBits(16_384) }],
  ['an RSA modulus of 1024 bits', { kty: 'RSA', n: short.n, e: 'AQAB' }],
  ['an RSA modulus of 16 kbit', { kty: 'RSA', n: ofBits(16_384), e: 'AQAB' }],
  [
    'an even RSA modulus',
    { kty: 'RSA', n: Buffer.alloc(256, 0xfe).toString('base64url'), e: 'AQAB' },
  ],
  ['a leading zero in the RSA modulus', { kty: 'RSA', n: `AAAA${n ?? ''}`, e: 'AQAB' }],
  ['an RSA modulus of the ROCA kind', { ...(roca?.keys?.[0] ?? roca) }],
];

const p256 = publicPart(clientKey);

/** Points that are none, or that anybody can sign for. */
export const weakPoints: readonly (readonly [string, object])[] = [
  ['a point off the curve', { ...p256, y: p256.x }],
  ['the origin', { ...p256, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
  ['a coordinate beyond the field', { ...p256, x: `${'_'.repeat(42)}8` }],
  ['a short coordinate', { ...p256, x: p256.x.slice(0, 42) }],
  ['a long coordinate', { ...p256, x: `AAAA${p256.x}` }],
  ['a padded coordinate', { ...p256, x: `${p256.x}=` }],
  ['a point of another curve', { ...p256, crv: 'P-384' }],
  ['a curve that is not offered', { ...p256, crv: 'secp256k1' }],
  ['no y', { kty: 'EC', crv: 'P-256', x: p256.x }],
  ['the Ed25519 point of order 1', { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` }],
  ['an Ed25519 point of order 4', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }],
  [
    'an Ed25519 point of order 8',
    { kty: 'OKP', crv: 'Ed25519', x: 'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU' },
  ],
  [
    'a key for key agreement',
    { kty: 'OKP', crv: 'X25519', x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo' },
  ],
];

/** Members whose type is not the one that the RFC gives. WebCrypto reads a list of one as a string. */
export const coercedKeys: readonly (readonly [string, object])[] = [
  ...(['kty', 'crv', 'x', 'y'] as const).flatMap((member) => [
    [`${member} in a list`, { ...p256, [member]: [p256[member]] }] as const,
    [`${member} a number`, { ...p256, [member]: 1 }] as const,
    [`${member} an object`, { ...p256, [member]: { 0: p256[member] } }] as const,
    [`${member} null`, { ...p256, [member]: null }] as const,
    [`${member} true`, { ...p256, [member]: true }] as const,
  ]),
  ['kid in a list', { ...p256, kid: ['1'] }],
  ['alg in a list', { ...p256, alg: ['ES256'] }],
  ['use in a list', { ...p256, use: ['sig'] }],
  ['key_ops a string', { ...p256, key_ops: 'verify' }],
];

/** Sound keys that are meant for something else. */
export const misusedKeys: readonly (readonly [string, object])[] = [
  ['use enc', { ...p256, use: 'enc' }],
  ['an unknown use', { ...p256, use: 'tls' }],
  ['key_ops without verify', { ...p256, key_ops: ['sign'] }],
  ['key_ops empty', { ...p256, key_ops: [] }],
  ['the alg of another curve', { ...p256, alg: 'ES384' }],
  ['the alg of another key type', { ...p256, alg: 'PS256' }],
  ['a symmetric alg', { ...p256, alg: 'HS256' }],
  ['an alg for encryption', { ...p256, alg: 'ECDH-ES' }],
];

/** Private members, told by presence: also those that are empty or null. */
export const privateKeys: readonly (readonly [string, object])[] = [
  ['d', clientKey],
  ...['', null, [], false].map((d) => [`d as ${JSON.stringify(d)}`, { ...p256, d }] as const),
  ...['p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map(
    (name) => [name, { ...p256, [name]: 'AQ' }] as const,
  ),
  ['nothing but a secret', { kty: 'oct', k: 'AQ' }],
];
