import { createPrivateKey, type KeyObject } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { ConfigurationError } from '../errors/faults.js';
import { accept, refuse, type Result } from '../errors/result.js';
import { decodeBase64url } from './base64url.js';
import { algorithmsFor, parseEncryptionJwk } from './encryption-jwk.js';
import { headerDepth, isJsonObject, parseJsonObject } from './parse-json.js';

/** What is wrong with a JWE, by the step that found it. */
export interface JweProblem {
  readonly step: 'size' | 'format' | 'header' | 'crit' | 'alg' | 'enc' | 'key' | 'decryption';
  /** What stood there; the audit log sanitises it. */
  readonly actual?: string;
}

/** One's own private keys, for what others encrypted. */
export interface DecryptionKeys {
  /** @param compact A compact JWE from outside, of at most 8,192 characters. */
  decrypt(compact: string): Promise<Result<Uint8Array, JweProblem>>;
}

interface DecryptionKey {
  readonly kid: string | undefined;
  readonly algorithms: readonly string[];
  readonly handle: KeyObject;
}

const maxLength = 8_192;
/** RFC 7518 §5.1: all of them authenticate. */
const contentEncryption: ReadonlySet<string> = new Set([
  'A128GCM',
  'A192GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
]);

/**
 * Keys that the operator configured: private JWKs, each with a `kid` of its own unless it is the
 * only one. RFC 7516 §5.2, CNF-06.
 *
 * @throws ConfigurationError for a key that is weak, malformed, not private, or not for encryption.
 */
export function decryptionKeysFrom(jwks: readonly unknown[]): DecryptionKeys {
  const keys = jwks.map(importDecryptionKey);
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new ConfigurationError('The decryption keys need a kid each, no two the same.');
  }
  return { decrypt: (compact) => decrypt(compact, keys) };
}

function importDecryptionKey(jwk: unknown): DecryptionKey {
  const parsed = parseEncryptionJwk(jwk);
  if (!parsed.ok) throw unusable(parsed.failure);
  if (!isJsonObject(jwk) || typeof jwk['d'] !== 'string') throw unusable('it is not private');
  const { kid } = parsed.value;
  try {
    const handle = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    return { kid, algorithms: algorithmsFor(parsed.value), handle };
  } catch {
    throw unusable('its private members do not fit');
  }
}

/** Judges the header before any key is touched; one key is tried, never all in turn. */
async function decrypt(
  compact: string,
  keys: readonly DecryptionKey[],
): Promise<Result<Uint8Array, JweProblem>> {
  if (compact.length > maxLength) return refuse({ step: 'size' });
  const segments = compact.split('.');
  const [first = ''] = segments;
  if (segments.length !== 5) return refuse({ step: 'format' });
  if (segments.some((segment) => decodeBase64url(segment) === undefined)) {
    return refuse({ step: 'format' });
  }
  const header = parseJsonObject(decodeBase64url(first) ?? new Uint8Array(), headerDepth);
  if (header === undefined) return refuse({ step: 'header' });
  const { alg, enc, kid } = header;
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'zip')) {
    return refuse({ step: 'crit' });
  }
  if (typeof enc !== 'string' || !contentEncryption.has(enc)) {
    return refuse({ step: 'enc', actual: describe(enc) });
  }
  if (kid !== undefined && typeof kid !== 'string') return refuse({ step: 'header' });
  const fitting = keys.filter(({ algorithms }) => algorithms.some((name) => name === alg));
  if (typeof alg !== 'string' || fitting.length === 0) {
    return refuse({ step: 'alg', actual: describe(alg) });
  }
  const [key, ...others] = fitting.filter((each) => kid === undefined || each.kid === kid);
  if (key === undefined || others.length > 0) return refuse({ step: 'key', actual: describe(kid) });
  try {
    const { plaintext } = await compactDecrypt(compact, key.handle, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [enc],
    });
    return accept(plaintext);
  } catch {
    return refuse({ step: 'decryption' }); // the key is sound, so only the message can be the cause
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : typeof value;
}

function unusable(problem: string): ConfigurationError {
  return new ConfigurationError(`A decryption key cannot be used: ${problem}.`);
}
