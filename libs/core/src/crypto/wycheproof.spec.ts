import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { signatureAlgorithmNames } from './algorithms.js';
import { checkSignature, decodeJws, parseJwsHeader, splitCompactJws } from './compact-jws.js';
import type { KeyQuery } from './key-source.js';
import { parseKeySet } from './parse-key-set.js';
import { importVerificationKey } from './verification-key.js';

interface Jwk {
  readonly kty: string;
  readonly alg?: string;
}
type KeyOrSet = Jwk | { readonly keys: readonly Jwk[] };
interface Vector {
  readonly tcId: number;
  readonly comment: string;
  /** An object where it is no compact form. */
  readonly jws?: string | object;
  readonly jwe?: string | object;
  readonly result: 'valid' | 'invalid';
}
interface Group {
  readonly private: KeyOrSet;
  readonly public?: KeyOrSet;
  readonly tests: readonly Vector[];
}
interface Differing {
  readonly tcId: readonly number[];
  readonly expect: 'valid' | 'invalid' | 'skip';
}

function read(file: string): unknown {
  const url = new URL(`../../../../test/vectors/threats/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

const overlay = read('wycheproof-overlay.json') as {
  files: Readonly<Record<string, readonly Differing[]>>;
};
const maxLength = 100_000;

/** Valid JWSs that no slot of ours takes: the payload is empty, and a JWT's is a JSON object. */
const emptyPayload = /^emptyPayload$/;

/** What the files hold, with what we expect: their own result unless the overlay says otherwise. */
function load(file: string) {
  const differing = overlay.files[file] ?? [];
  return (read(file) as { testGroups: readonly Group[] }).testGroups.flatMap((group) => {
    const key = group.public ?? group.private;
    const symmetric = keysIn(key).some(({ kty }) => kty === 'oct');
    return group.tests.map((vector) => ({
      ...vector,
      key,
      symmetric,
      expected: emptyPayload.test(vector.comment)
        ? ('invalid' as const)
        : (differing.find(({ tcId }) => tcId.includes(vector.tcId))?.expect ?? vector.result),
    }));
  });
}

function keysIn(key: KeyOrSet): readonly Jwk[] {
  return 'keys' in key ? key.keys : [key];
}

/** A JSON serialisation is handed over as the text that a peer would send. */
function textOf(message: string | object = ''): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

/** As every slot does it: form, header, key, signature. The algorithms are those of the key. */
async function verify(jws: string | object, key: KeyOrSet): Promise<'valid' | 'invalid'> {
  const segments = splitCompactJws(textOf(jws), maxLength);
  if (!segments.ok) return 'invalid';
  const algorithms = new Set(keysIn(key).flatMap(({ alg }) => alg ?? signatureAlgorithmNames));
  const header = parseJwsHeader(segments.value.header, () => true, algorithms);
  if (!header.ok) return 'invalid';
  const decoded = decodeJws(segments.value, header.value);
  if (!decoded.ok) return 'invalid';
  const found = await keyFor(key, header.value);
  if (found === undefined) return 'invalid';
  return (await checkSignature(decoded.value, found)).ok ? 'valid' : 'invalid';
}

async function keyFor(key: KeyOrSet, query: KeyQuery) {
  if (!('keys' in key)) {
    const imported = await importVerificationKey(key);
    return imported.ok ? imported.value : undefined;
  }
  const parsed = await parseKeySet(key);
  const found = parsed.ok ? parsed.value.keys.find(query) : undefined;
  return found?.ok === true ? found.value : undefined;
}

const files = [
  ['wycheproof-json_web_signature_test.json', { judged: 361, symmetric: 40, skipped: 0, jwe: 0 }],
  ['wycheproof-json_web_key_test.json', { judged: 11, symmetric: 15, skipped: 0, jwe: 0 }],
  ['wycheproof-json_web_crypto_test.json', { judged: 29, symmetric: 20, skipped: 0, jwe: 34 }],
] as const;

describe.each(files)('Wycheproof %s', (file, counts) => {
  const vectors = load(file);
  const signatures = vectors.filter(({ jwe }) => jwe === undefined);
  const asymmetric = signatures.filter(({ symmetric }) => !symmetric);
  const judged = asymmetric.filter(({ expected }) => expected !== 'skip');

  it('is judged to the last vector, or named with the reason', () => {
    expect({
      judged: judged.length,
      symmetric: signatures.length - asymmetric.length, // no slot takes a symmetric algorithm
      skipped: asymmetric.length - judged.length, // defective in the file: see the overlay
      jwe: vectors.length - signatures.length, // no slot takes a JWE
    }).toEqual(counts);
  });

  const rows = judged.map(
    (vector) => [threatOf(vector.comment), vector.tcId, vector.comment, vector] as const,
  );
  it.each(rows)('%s (%d) %s', async (_threat, _id, _comment, { jws = '', key, expected }) => {
    expect(await verify(jws, key)).toBe(expected);
  });

  it('THR-02 refuses every signature by a symmetric key, the good ones too', async () => {
    for (const { jws = '', key, symmetric } of signatures) {
      if (symmetric) expect(await verify(jws, key)).toBe('invalid');
    }
  });
});

/** The row of the threat catalogue that a vector belongs to. */
function threatOf(comment: string): string {
  const rows = [
    [/none/i, 'THR-01'],
    [/symmetr/i, 'THR-02'],
    [/embedded/i, 'THR-10'],
    [/roca|exponent|1024/i, 'THR-07'],
    [/^[rs]Is|rIs|sIs|overflow|point|curve/i, 'THR-08'],
    [/wrongUse|wrongKeyOps|mismatched|Using[RP]S|modifiedKey/i, 'THR-18'],
    [/kid/i, 'THR-11'],
    [/^rejects(missing|empty|extra|validJson)|emptyPayload/i, 'THR-04'],
    [/spaces|character|base64|unusedBits|incorrectlyEncoded/i, 'THR-05'],
  ] as const;
  return rows.find(([pattern]) => pattern.test(comment))?.[1] ?? 'RS-13';
}

describe('Wycheproof wycheproof-json_web_encryption_test.json', () => {
  it('THR-04 THR-17 is refused to the last JWE by the compact form', async () => {
    const vectors = [
      ...load('wycheproof-json_web_encryption_test.json'),
      ...load('wycheproof-json_web_crypto_test.json').filter(({ jwe }) => jwe !== undefined),
    ];
    const whole = vectors.filter(({ jwe }) => textOf(jwe).split('.').length === 5);
    expect({ all: vectors.length, whole: whole.length }).toEqual({ all: 173, whole: 151 });
    for (const { jwe } of whole) {
      expect(splitCompactJws(textOf(jwe), maxLength)).toMatchObject({ ok: false });
    }
    for (const { jwe = '', key } of vectors) expect(await verify(jwe, key)).toBe('invalid');
  });
});
