import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCompactJws, type JwsAlgorithmName, type UnverifiedJws } from './compact-jws.js';
import { freshMacKey } from './fresh-mac-key.js';
import { importMacKey, isMacJws, isSignatureJws, verifyMac, type MacKey } from './mac-key.js';

const secret = Buffer.alloc(32, 7);
const jwk = { kty: 'oct', k: secret.toString('base64url') };
const slot = {
  accepts: () => true,
  algorithms: new Set(['ES256']),
  macs: new Set(['HS256' as const]),
  maxLength: 4_096,
};

async function key(value: unknown = jwk): Promise<MacKey> {
  const imported = await importMacKey(value);
  if (!imported.ok) throw new Error(imported.failure);
  return imported.value;
}

function jws(header: object = { alg: 'HS256' }, by: Buffer = secret): string {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${segment(header)}.${segment({ a: 1 })}`;
  return `${input}.${createHmac('sha256', by).update(input).digest('base64url')}`;
}

function opened(text: string): UnverifiedJws<JwsAlgorithmName> {
  const parsed = parseCompactJws(text, slot);
  if (!parsed.ok) throw new Error(parsed.failure.step);
  return parsed.value;
}

async function verdict(text: string) {
  const parsed = opened(text);
  return isMacJws(parsed) ? verifyMac(parsed, await key()) : undefined;
}

describe('MACs (RFC 7515 §5.2, RFC 7518 §3.2)', () => {
  it('SHR-22 verifies what was made with the secret', async () => {
    expect(await verdict(jws())).toEqual({ ok: true, value: { a: 1 } });
  });

  it.each([
    ['another secret', jws({ alg: 'HS256' }, Buffer.alloc(32, 8))],
    ['a tag that is cut short', jws().slice(0, -3)],
    ['a tag that is longer', `${jws()}AAAA`],
  ])('SHR-22 refuses %s', async (_flaw, text) => {
    expect(await verdict(text)).toEqual({ ok: false, failure: { step: 'signature' } });
  });

  it('THR-02 takes no MAC where a slot lists none, and none but HS256 where it does', () => {
    const { macs: _macs, ...withoutMacs } = slot;
    const refused = { ok: false, failure: { step: 'alg' } };
    expect(parseCompactJws(jws(), withoutMacs)).toMatchObject(refused);
    expect(
      parseCompactJws(jws(), { ...withoutMacs, algorithms: new Set(['HS256']) }),
    ).toMatchObject(refused);
    for (const alg of ['HS384', 'HS512', 'none', 'constructor', ['HS256']]) {
      expect(parseCompactJws(jws({ alg }), slot)).toMatchObject(refused);
    }
  });

  it('THR-02 keeps signatures and MACs apart', () => {
    const signature = opened(jws({ alg: 'ES256' }));
    expect([isMacJws(signature), isSignatureJws(signature)]).toEqual([false, true]);
    const mac = opened(jws());
    expect([isMacJws(mac), isSignatureJws(mac)]).toEqual([true, false]);
  });
});

describe('importMacKey (RFC 7518 §6.4)', () => {
  it('SHR-33 takes a secret of 32 octets, and names it by its thumbprint', async () => {
    const { thumbprint } = await key({ ...jwk, alg: 'HS256', use: 'sig', key_ops: ['verify'] });
    expect(thumbprint).toBe((await key()).thumbprint);
    expect(thumbprint).toHaveLength(43);
  });

  it.each([
    ['31 octets', { ...jwk, k: secret.subarray(1).toString('base64url') }, 'secret length'],
    ['257 octets', { ...jwk, k: Buffer.alloc(257).toString('base64url') }, 'secret length'],
    ['an empty secret', { ...jwk, k: '' }, 'secret length'],
    ['padding', { ...jwk, k: `${jwk.k}=` }, 'secret'],
    ['a secret that is no string', { ...jwk, k: [jwk.k] }, 'secret'],
    ['no secret', { kty: 'oct' }, 'secret'],
    ['an elliptic curve key', { kty: 'EC', crv: 'P-256' }, 'key type'],
    ['another alg', { ...jwk, alg: 'HS512' }, 'alg'],
    ['a use for encryption', { ...jwk, use: 'enc' }, 'use'],
    ['operations without verify', { ...jwk, key_ops: ['sign'] }, 'key_ops'],
    ['a kid that is no string', { ...jwk, kid: 1 }, 'kid'],
    ['no object', 'secret', 'not an object'],
  ])('SHR-33 CNF-16 refuses %s', async (_flaw, value, failure) => {
    expect(await importMacKey(value)).toEqual({ ok: false, failure });
  });

  it('SHR-33 shows no secret to whoever prints the key', async () => {
    const { inspect } = await import('node:util');
    const printed =
      inspect(await key(), { depth: 5, showHidden: true }) + JSON.stringify(await key());
    expect(printed).not.toContain(jwk.k);
    expect(printed).not.toContain('07 07');
  });

  it('SHR-33 agrees with RFC 7520 §4.4 on a MAC of its secret', async () => {
    const file = '../../../../test/vectors/threats/rfc7520-cookbook.json';
    const { entries } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as {
      readonly entries: Readonly<
        Record<string, { readonly input: { key: object }; readonly output: { compact: string } }>
      >;
    };
    const { input, output } = entries['jws/4_4.hmac-sha2_integrity_protection.json'] ?? {};
    const { compact = '' } = output ?? {};
    const signingInput = compact.slice(0, compact.lastIndexOf('.'));
    const tag = Buffer.from(compact.slice(signingInput.length + 1), 'base64url');
    expect((await key(input?.key)).authenticates(signingInput, tag)).toBe(true);
    expect((await key()).authenticates(signingInput, tag)).toBe(false);
  });
});

describe('freshMacKey', () => {
  it('KD-08 makes 256 bits for HS256, others each time', async () => {
    const [one, two] = [freshMacKey(), freshMacKey()];
    expect(Buffer.from(one.k, 'base64url')).toHaveLength(32);
    expect(one).toMatchObject({ kty: 'oct', alg: 'HS256' });
    expect(one.k).not.toBe(two.k);
    expect((await importMacKey(one)).ok).toBe(true);
  });
});
