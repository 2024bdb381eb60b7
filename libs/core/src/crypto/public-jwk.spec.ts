import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { clientKey, publicPart } from '@keybound/testing';
import { parsePublicJwk, type JwkProblem } from './public-jwk.js';

const ec = publicPart(clientKey);
const okp = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  format: 'jwk',
});
const rsa = { kty: 'RSA', n, e };

function problemOf(jwk: unknown): JwkProblem | undefined {
  const parsed = parsePublicJwk(jwk);
  return parsed.ok ? undefined : parsed.failure;
}

describe('parsePublicJwk (RFC 7517 §4)', () => {
  it.each([
    ['EC', ec],
    ['OKP', okp],
    ['RSA', rsa],
  ])('takes a sound %s key', (_kty, jwk) => {
    expect(parsePublicJwk(jwk)).toEqual({ ok: true, value: jwk });
  });

  it('keeps kid, alg and use, and drops what it does not know', () => {
    const known = { ...ec, kid: 'k'.repeat(256), alg: 'ES256', use: 'sig' };
    const jwk = {
      ...known,
      key_ops: ['verify'],
      x5c: ['MIIB'],
      jku: 'https://evil.example',
      ext: true,
    };
    expect(parsePublicJwk(jwk)).toEqual({ ok: true, value: known });
  });

  const refused: readonly (readonly [string, JwkProblem, unknown])[] = [
    ['THR-16', 'not an object', 'text'],
    ['THR-16', 'not an object', [ec]],
    ['THR-16', 'not an object', null],
    ['THR-16', 'not an object', undefined],
    ['THR-02', 'private member', { kty: 'oct', k: 'AQ' }],
    ['THR-02', 'key type', { kty: 'oct' }],
    ['THR-16', 'key type', { ...ec, kty: ['EC'] }],
    ['THR-16', 'key type', { ...ec, kty: 'ec' }],
    ['THR-34', 'key type', { ...ec, kty: '__proto__' }],
    ['THR-16', 'curve', { ...ec, crv: ['P-256'] }],
    ['THR-18', 'curve', { ...ec, crv: 'secp256k1' }],
    ['THR-34', 'curve', { ...ec, crv: 'constructor' }],
    ['THR-18', 'curve', { ...okp, crv: 'X25519' }],
    ['THR-18', 'curve', { ...okp, crv: 'Ed448' }],
    ['THR-16', 'coordinate', { ...ec, x: [ec.x] }],
    ['THR-16', 'coordinate', { ...ec, y: null }],
    ['THR-08', 'coordinate', { kty: 'EC', crv: 'P-256', x: ec.x }],
    ['THR-08', 'coordinate', { ...ec, x: ec.x.slice(1) }],
    ['THR-08', 'coordinate', { ...ec, x: `AA${ec.x}` }],
    ['THR-08', 'coordinate', { ...ec, crv: 'P-384' }],
    ['THR-05', 'coordinate', { ...ec, x: `${ec.x}=` }],
    ['THR-05', 'coordinate', { ...ec, x: `${ec.x.slice(0, -1)}R` }],
    ['THR-08', 'coordinate', { ...okp, x: okp.x.slice(1) }],
    ['THR-16', 'RSA member', { ...rsa, e: 65_537 }],
    ['THR-16', 'RSA member', { ...rsa, n: [n] }],
    ['THR-05', 'RSA member', { ...rsa, n: `${n}==` }],
    ['THR-07', 'RSA member', { ...rsa, n: `AAAA${n}` }],
    ['THR-07', 'RSA member', { ...rsa, e: 'AAEAAQ' }],
    ['THR-07', 'RSA size', { ...rsa, n: '' }],
    ['THR-18', 'use', { ...ec, use: 'enc' }],
    ['THR-16', 'use', { ...ec, use: ['sig'] }],
    ['THR-18', 'key_ops', { ...ec, key_ops: ['sign'] }],
    ['THR-16', 'key_ops', { ...ec, key_ops: 'verify' }],
    ['THR-16', 'member type', { ...ec, alg: ['ES256'] }],
    ['THR-11', 'kid', { ...ec, kid: 'k'.repeat(257) }],
    ['THR-11', 'kid', { ...ec, kid: 1 }],
    ['THR-11', 'kid', { ...ec, kid: null }],
  ];

  it.each(refused)('%s (case %#) refuses for %s', (_threat, problem, jwk) => {
    expect(problemOf(jwk)).toBe(problem);
  });

  const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
  it.each(secrets)(
    'THR-24 refuses the private member %s by presence, whatever it holds',
    (member) => {
      for (const value of ['AQ', '', null, undefined, false, []]) {
        expect(problemOf({ ...ec, [member]: value })).toBe('private member');
      }
    },
  );
});
