import { readFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CompactEncrypt, type JWK } from 'jose';
import { ConfigurationError } from '../errors/faults.js';
import { decryptionKeysFrom } from './decryption-keys.js';
import { encryptCompactJwe, encryptionKeyFromJwk } from './encryption-key.js';

function keyPair(kind: 'rsa' | 'P-256' | 'P-521' | 'X25519', kid = 'enc-1') {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : kind === 'X25519'
        ? generateKeyPairSync('x25519')
        : generateKeyPairSync('ec', { namedCurve: kind });
  return {
    private: { ...privateKey.export({ format: 'jwk' }), kid },
    public: { ...publicKey.export({ format: 'jwk' }), kid },
  };
}

const rsa = keyPair('rsa');
const ec = keyPair('P-256');
const text = async (keys: readonly unknown[], jwe: string) => {
  const plaintext = await decryptionKeysFrom(keys).decrypt(jwe);
  return plaintext.ok ? Buffer.from(plaintext.value).toString() : plaintext.failure;
};

/** A JWE of jose's making, with any header. */
async function jwe(header: Readonly<Record<string, unknown>>, key: JWK, body = 'secret') {
  return new CompactEncrypt(Buffer.from(body))
    .setProtectedHeader(header as { alg: string; enc: string })
    .encrypt(key);
}

describe('encryptCompactJwe and decryptionKeysFrom (RFC 7516)', () => {
  it.each([
    ['RSA-OAEP-256', 'rsa'],
    ['ECDH-ES', 'P-256'],
    ['ECDH-ES', 'P-521'],
    ['ECDH-ES', 'X25519'],
  ] as const)(
    'CNF-06 encrypts by %s for a %s key what its holder alone reads',
    async (alg, kind) => {
      const pair = keyPair(kind);
      const sealed = await encryptCompactJwe('secret', encryptionKeyFromJwk(pair.public), {
        cty: 'jwk+json',
      });
      const header: unknown = JSON.parse(
        Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString(),
      );
      expect(header).toEqual(expect.objectContaining({ alg, enc: 'A256GCM', kid: 'enc-1' }));
      expect(await text([pair.private], sealed)).toBe('secret');
      expect(await text([keyPair(kind).private], sealed)).toEqual({ step: 'decryption' });
    },
  );

  it('CNF-06 picks the key by kid, and tries no other', async () => {
    const other = keyPair('rsa', 'enc-2');
    const sealed = await encryptCompactJwe('secret', encryptionKeyFromJwk(other.public));
    expect(await text([rsa.private, other.private], sealed)).toBe('secret');
    expect(await text([rsa.private], sealed)).toEqual({ step: 'key', actual: 'enc-2' });
  });

  it('CNF-06 needs no kid where one key fits, and refuses to guess among several', async () => {
    const sealed = await jwe({ alg: 'RSA-OAEP-256', enc: 'A128GCM' }, rsa.public);
    expect(await text([rsa.private, { ...ec.private, kid: 'enc-3' }], sealed)).toBe('secret');
    expect(await text([rsa.private, keyPair('rsa', 'enc-2').private], sealed)).toMatchObject({
      step: 'key',
    });
  });

  it.each(['RSA-OAEP', 'RSA-OAEP-512'])('CNF-06 refuses %s, which is in no list', async (alg) => {
    const sealed = await jwe({ alg, enc: 'A256GCM', kid: 'enc-1' }, rsa.public);
    expect(await text([rsa.private], sealed)).toEqual({ step: 'alg', actual: alg });
  });

  it.each([
    ['RSA1_5', { alg: 'RSA1_5', enc: 'A256GCM' }, 'alg'],
    ['dir', { alg: 'dir', enc: 'A256GCM' }, 'alg'],
    ['PBES2', { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 1e9 }, 'alg'],
    ['an alg that is no string', { alg: ['RSA-OAEP-256'], enc: 'A256GCM' }, 'alg'],
    ['a name from the prototype', { alg: 'constructor', enc: 'A256GCM' }, 'alg'],
    ['another enc', { alg: 'RSA-OAEP-256', enc: 'A256CTR' }, 'enc'],
    ['crit', { alg: 'RSA-OAEP-256', enc: 'A256GCM', crit: ['exp'] }, 'crit'],
    ['zip', { alg: 'RSA-OAEP-256', enc: 'A256GCM', zip: 'DEF' }, 'crit'],
    ['a kid that is no string', { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 1 }, 'header'],
  ])('CNF-06 refuses %s before any key is touched', async (_flaw, header, step) => {
    const [, ...rest] = (await jwe({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }, rsa.public)).split('.');
    const first = Buffer.from(JSON.stringify(header)).toString('base64url');
    expect(await text([rsa.private], [first, ...rest].join('.'))).toMatchObject({ step });
  });

  it('THR-05 refuses what is too long, not five parts, or not canonical', async () => {
    const sealed = await jwe({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }, rsa.public);
    expect(await text([rsa.private], sealed + 'A'.repeat(8_192))).toEqual({ step: 'size' });
    expect(await text([rsa.private], `${sealed}.`)).toEqual({ step: 'format' });
    expect(await text([rsa.private], `${sealed}=`)).toEqual({ step: 'format' });
    expect(await text([rsa.private], sealed.replace('.', '. '))).toEqual({ step: 'format' });
  });

  it('CNF-06 refuses a JWE in which anything was changed', async () => {
    const segments = (await jwe({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }, rsa.public)).split('.');
    for (const at of [1, 2, 3, 4]) {
      const changed = segments.map((segment, index) =>
        index === at ? (segment.startsWith('A') ? 'B' : 'A') + segment.slice(1) : segment,
      );
      expect(await text([rsa.private], changed.join('.'))).toEqual({ step: 'decryption' });
    }
  });

  it.each([
    ['a public key', rsa.public],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a key for signatures', { ...ec.private, use: 'sig' }],
    ['a signature algorithm', { ...ec.private, alg: 'ES256' }],
    ['a curve for signatures', { ...ec.private, crv: 'secp256k1' }],
    ['a point off its curve', { ...ec.private, y: ec.private.x }],
    ['no object', 'key'],
  ])('SHR-33 does not start with %s', (_flaw, jwk) => {
    expect(() => decryptionKeysFrom([jwk])).toThrow(ConfigurationError);
  });

  it('SHR-33 does not start with a short RSA key, nor with two keys of one name', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(() => decryptionKeysFrom([privateKey.export({ format: 'jwk' })])).toThrow(/RSA size/);
    expect(() => decryptionKeysFrom([rsa.private, ec.private])).toThrow(/kid/);
  });

  it.each([
    ['a private key', rsa.private, /private member/],
    ['a point off its curve', { ...ec.public, y: ec.public.x }, /not a point/],
    ['a key for signatures', { ...ec.public, use: 'sig' }, /use/],
    ['an Ed25519 key', { kty: 'OKP', crv: 'Ed25519', x: ec.public.x }, /curve/],
  ])('SHR-33 does not encrypt for %s', (_flaw, jwk, message) => {
    expect(() => encryptionKeyFromJwk(jwk)).toThrow(message);
  });
});

interface Vector {
  readonly tcId: number;
  readonly pt?: string;
  readonly jwe: unknown;
  readonly result: 'valid' | 'invalid';
}

describe('Wycheproof wycheproof-json_web_encryption_test.json', () => {
  const file = '../../../../test/vectors/threats/wycheproof-json_web_encryption_test.json';
  const { testGroups } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as {
    readonly testGroups: readonly { readonly private: JWK; readonly tests: readonly Vector[] }[];
  };
  const allowed = /^(RSA-OAEP-256|ECDH-ES(\+A(128|192|256)KW)?)$/;

  it('CNF-06 is judged as it should be: what is valid and allowed is read, all else refused', async () => {
    const counts = { read: 0, refused: 0, unusable: 0 };
    for (const { private: key, tests } of testGroups) {
      for (const { jwe: message, result, pt } of tests) {
        const sealed = typeof message === 'string' ? message : JSON.stringify(message);
        if (!isUsable(key)) {
          counts.unusable += 1;
          continue;
        }
        const outcome = await decryptionKeysFrom([key]).decrypt(sealed);
        const expected = result === 'valid' && allowed.test(algOf(sealed));
        expect(outcome.ok).toBe(expected);
        if (outcome.ok) expect(Buffer.from(outcome.value).toString('hex')).toBe(pt);
        counts[outcome.ok ? 'read' : 'refused'] += 1;
      }
    }
    expect(counts).toEqual({ read: 32, refused: 32, unusable: 75 });
  });

  function isUsable(key: JWK): boolean {
    try {
      decryptionKeysFrom([key]);
      return true;
    } catch (error) {
      if (error instanceof ConfigurationError) return false;
      throw error;
    }
  }

  function algOf(sealed: string): string {
    try {
      const header = Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString();
      return (JSON.parse(header) as { alg: string }).alg;
    } catch {
      return '';
    }
  }
});
