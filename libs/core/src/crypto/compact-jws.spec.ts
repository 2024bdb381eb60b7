import { describe, expect, it } from '@jest/globals';
import { clientKey, otherKey, publicPart, signerFor } from '@keybound/testing';
import {
  isMediaType,
  parseCompactJws,
  splitCompactJws,
  verifySignature,
  type JwsExpectation,
} from './compact-jws.js';
import { signCompactJws } from './signer.js';
import { importVerificationKey, type VerificationKey } from './verification-key.js';

const slot: JwsExpectation = {
  accepts: (typ) => typ === 'test+jwt',
  algorithms: new Set(['ES256']),
  maxLength: 1_000,
};
const jws = await signCompactJws({ typ: 'test+jwt' }, { a: 1 }, await signerFor(clientKey));
const key = await keyOf(publicPart(clientKey));

async function keyOf(jwk: object): Promise<VerificationKey> {
  const imported = await importVerificationKey(jwk);
  if (!imported.ok) throw new Error(imported.failure);
  return imported.value;
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function stepOf(text: string, expectation = slot): string | undefined {
  const parsed = parseCompactJws(text, expectation);
  return parsed.ok ? undefined : parsed.failure.step;
}

describe('splitCompactJws (RFC 7515 §7.1)', () => {
  it('takes three parts, the last of which may be empty', () => {
    const value = { header: 'a', payload: 'b', signature: '', signingInput: 'a.b' };
    expect(splitCompactJws('a.b.', 10)).toEqual({ ok: true, value });
  });

  it.each([
    '',
    '.',
    '..',
    'a',
    'a.b',
    'a..c',
    '.b.c',
    '..c',
    'a.b.c.',
    'a.b.c.d',
    'a.b.c.d.e',
    '...',
  ])('THR-04 refuses %j', (text) => {
    expect(splitCompactJws(text, 100)).toEqual({ ok: false, failure: { step: 'format' } });
  });

  it('THR-13 THR-74 looks at the length before anything else, to the character', () => {
    expect(splitCompactJws('a.b.c', 5).ok).toBe(true);
    for (const text of ['a.b.cd', '.'.repeat(1_000_000), 'A'.repeat(1_000_000)]) {
      const failure = { step: 'size', actual: String(text.length) };
      expect(splitCompactJws(text, 5)).toEqual({ ok: false, failure });
    }
  });
});

describe('parseCompactJws and verifySignature', () => {
  it('give the claims of a good JWS', async () => {
    const parsed = parseCompactJws(jws, slot);
    if (!parsed.ok) throw new Error(parsed.failure.step);
    expect(await verifySignature(parsed.value, key)).toEqual({ ok: true, value: { a: 1 } });
  });

  const headers: readonly (readonly [string, string, object])[] = [
    ['THR-03', 'crit', { typ: 'test+jwt', alg: 'ES256', crit: [] }],
    ['THR-03', 'crit', { typ: 'test+jwt', alg: 'ES256', b64: true }],
    ['THR-09', 'typ', { alg: 'ES256' }],
    ['THR-09', 'typ', { typ: 'Test+JWT', alg: 'ES256' }],
    ['THR-01', 'alg', { typ: 'test+jwt' }],
    ['THR-01', 'alg', { typ: 'test+jwt', alg: 'none' }],
    ['THR-18', 'alg', { typ: 'test+jwt', alg: 'ES384' }],
    ['THR-11', 'header', { typ: 'test+jwt', alg: 'ES256', kid: 1 }],
    ['THR-11', 'header', { typ: 'test+jwt', alg: 'ES256', kid: 'k'.repeat(257) }],
  ];
  it.each(headers)('%s refuses by its %s the header %j', (_threat, step, header) => {
    expect(stepOf(`${segment(header)}.${segment({})}.AAAA`)).toBe(step);
  });

  it('THR-01 trusts no list that was given the name of no asymmetric algorithm', () => {
    for (const alg of ['none', 'HS256', '__proto__', 'constructor', 'RSA1_5']) {
      const careless = { ...slot, algorithms: new Set([alg]) };
      expect(stepOf(`${segment({ typ: 'test+jwt', alg })}.${segment({})}.AAAA`, careless)).toBe(
        'alg',
      );
    }
  });

  it('THR-04 refuses an empty signature after alg was judged', () => {
    expect(stepOf(jws.slice(0, jws.lastIndexOf('.') + 1))).toBe('format');
    expect(stepOf(`${segment({ typ: 'test+jwt', alg: 'none' })}.${segment({})}.`)).toBe('alg');
  });

  it('THR-18 refuses a key of another curve, and one whose own alg is another', async () => {
    const parsed = parseCompactJws(jws, slot);
    if (!parsed.ok) throw new Error(parsed.failure.step);
    const own = await keyOf({ ...publicPart(clientKey), alg: 'ES384' });
    expect(await verifySignature(parsed.value, own)).toMatchObject({ failure: { step: 'alg' } });
    const other = await keyOf(publicPart(otherKey));
    expect(await verifySignature(parsed.value, other)).toMatchObject({
      failure: { step: 'signature' },
    });
  });
});

describe('isMediaType (RFC 7515 §4.1.9)', () => {
  it('takes either spelling in any letter case, and nothing else', () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt']) {
      expect(isMediaType(typ, 'at+jwt')).toBe(true);
    }
    for (const typ of [
      undefined,
      null,
      1,
      ['at+jwt'],
      'jwt',
      'at+jwt ',
      'text/at+jwt',
      'at+jwt;x=1',
      '',
    ]) {
      expect(isMediaType(typ, 'at+jwt')).toBe(false);
    }
  });
});
