import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compactVerify, importJWK, type JWK } from 'jose';
import { signatureAlgorithmNames } from './algorithms.js';
import { checkSignature, decodeJws, parseJwsHeader, splitCompactJws } from './compact-jws.js';
import { parsePublicJwk } from './public-jwk.js';
import { importVerificationKey } from './verification-key.js';

interface Entry {
  readonly input?: { readonly alg?: unknown; readonly key?: JWK; readonly payload?: string };
  readonly signing?: object;
  readonly output?: { readonly compact?: string };
  readonly sign?: Entry;
}

const file = new URL('../../../../test/vectors/threats/rfc7520-cookbook.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly entries: Readonly<Record<string, Entry>>;
};
const algorithms: ReadonlySet<string> = new Set(signatureAlgorithmNames);

/** What no slot takes, by the reason. Detached content has an empty payload besides. */
const outside: Readonly<Record<string, readonly string[]>> = {
  encryption: Object.keys(entries).filter((name) => /^jwe\/|ecdh-es/.test(name)),
  'a symmetric algorithm': [
    'jws/4_4.hmac-sha2_integrity_protection.json',
    'jws/4_5.signature_with_detached_content.json',
    'rfc7797/4.2.hmac-sha2_b64_false.json',
    'rfc7797/hmac-sha2_b64_false.json',
  ],
  'a JSON serialisation only': [
    'jws/4_6.protecting_specific_header_fields.json',
    'jws/4_7.protecting_content_only.json',
    'jws/4_8.multiple_signatures.json',
  ],
  'a key and no message': Object.keys(entries).filter((name) => name.startsWith('jwk/')),
};

const examples = Object.entries(entries)
  .filter(([name]) => !Object.values(outside).flat().includes(name))
  .map(([name, entry]) => {
    const { input, output } = entry.sign ?? entry;
    if (input?.key === undefined || output?.compact === undefined) throw new Error(name);
    const { kty, kid, crv, x, y, n, e } = input.key;
    const members = Object.entries({ kty, kid, crv, x, y, n, e });
    const key = Object.fromEntries(
      members.filter(([, value]) => value !== undefined),
    ) as unknown as JWK;
    return [name, output.compact, key] as const;
  });

async function verify(jws: string, jwk: object): Promise<Uint8Array | undefined> {
  const segments = splitCompactJws(jws, 10_000);
  if (!segments.ok) return undefined;
  const header = parseJwsHeader(segments.value.header, () => true, algorithms);
  const key = await importVerificationKey(jwk);
  if (!header.ok || !key.ok) return undefined;
  const decoded = decodeJws(segments.value, header.value);
  if (!decoded.ok) return undefined;
  const checked = await checkSignature(decoded.value, key.value);
  return checked.ok ? checked.value.payload : undefined;
}

describe('The JOSE cookbook (RFC 7520, RFC 8037)', () => {
  it('is judged to the last entry, or named with the reason', () => {
    const named = Object.values(outside).flat();
    expect(named.length + examples.length).toBe(Object.keys(entries).length);
    expect(examples.map(([name]) => name)).toEqual([
      '6.nesting_signatures_and_encryption.json',
      'curve25519/jws.json',
      'jws/4_1.rsa_v15_signature.json',
      'jws/4_2.rsa-pss_signature.json',
      'jws/4_3.ecdsa_signature.json',
    ]);
  });

  it.each(examples)('RS-13 verifies %s, as jose does', async (_name, jws, jwk) => {
    const header = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as {
      alg: string;
    };
    const { payload } = await compactVerify(jws, await importJWK(jwk, header.alg));
    expect(Buffer.from((await verify(jws, jwk)) ?? []).toString()).toBe(
      Buffer.from(payload).toString(),
    );
  });

  it.each(examples)(
    'RS-13 refuses %s when one character is changed anywhere',
    async (_name, jws, jwk) => {
      const dots = [jws.indexOf('.'), jws.lastIndexOf('.')];
      const places = Array.from({ length: 40 }, (_, at) => Math.floor((at * jws.length) / 40));
      for (const at of places.filter((place) => !dots.includes(place))) {
        const changed = jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1);
        expect(await verify(changed, jwk)).toBeUndefined();
      }
    },
  );

  it('THR-02 THR-03 THR-04 refuses every compact form that no slot takes', async () => {
    const others = Object.values(outside).flat();
    for (const name of others) {
      const { input, output } = entries[name] ?? {};
      if (output?.compact === undefined) continue;
      expect(await verify(output.compact, input?.key ?? {})).toBeUndefined();
    }
  });

  it('THR-24 takes its public keys and refuses its private and symmetric ones', () => {
    const verdicts = Object.entries(entries).filter(([name]) => name.startsWith('jwk/'));
    expect(verdicts.map(([name, key]) => [name, parsePublicJwk(key).ok])).toEqual([
      ['jwk/3_1.ec_public_key.json', true],
      ['jwk/3_2.ec_private_key.json', false],
      ['jwk/3_3.rsa_public_key.json', true],
      ['jwk/3_4.rsa_private_key.json', false],
      ['jwk/3_5.symmetric_key_mac_computation.json', false],
      ['jwk/3_6.symmetric_key_encryption.json', false],
    ]);
  });
});
