import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { parsePublicJwk } from './public-jwk.js';
import { isThumbprint, thumbprintOf } from './thumbprint.js';

const file = new URL(
  '../../../../test/vectors/sender-constrained-tokens/dpop-rfc9449.json',
  import.meta.url,
);
const rfc9449 = JSON.parse(readFileSync(file, 'utf8')) as { publicJwk: object; jkt: string };

async function thumbprint(jwk: object): Promise<string> {
  const parsed = parsePublicJwk(jwk);
  if (!parsed.ok) throw new Error(parsed.failure);
  return thumbprintOf(parsed.value);
}

/** RFC 7638 §3.1. */
const rfc7638 = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
};

describe('thumbprintOf (RFC 7638)', () => {
  it('DPOP-18 hashes the required members alone: the example of RFC 7638 §3.1', async () => {
    expect(await thumbprint(rfc7638)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('DPOP-18 agrees with RFC 9449 §6.1', async () => {
    expect(await thumbprint(rfc9449.publicJwk)).toBe(rfc9449.jkt);
  });

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256'])(
    'agrees with jose for a key of %s',
    async (algorithm) => {
      const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
      const jwk = await exportJWK(publicKey);
      expect(await thumbprint({ ...jwk, kid: 'x', use: 'sig' })).toBe(
        await calculateJwkThumbprint(jwk),
      );
    },
  );

  it('isThumbprint takes 43 characters of canonical base64url and nothing else', () => {
    expect(isThumbprint(rfc9449.jkt)).toBe(true);
    const others = [
      '',
      rfc9449.jkt.slice(1),
      `${rfc9449.jkt}=`,
      `${rfc9449.jkt.slice(0, 42)}B`,
      `+${rfc9449.jkt.slice(1)}`,
    ];
    for (const other of [...others, `${rfc9449.jkt}\n`, [rfc9449.jkt], null, undefined, 1]) {
      expect(isThumbprint(other)).toBe(false);
    }
  });
});
