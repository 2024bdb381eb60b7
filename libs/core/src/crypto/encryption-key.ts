import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { ConfigurationError } from '../errors/faults.js';
import {
  algorithmsFor,
  parseEncryptionJwk,
  type EncryptionJwk,
  type KeyManagementAlgorithm,
} from './encryption-jwk.js';
import { isJsonObject } from './parse-json.js';

/** Somebody's public key, to encrypt for them alone. Made only by {@link encryptionKeyFromJwk}. */
export interface EncryptionKey {
  readonly jwk: EncryptionJwk;
  readonly algorithm: KeyManagementAlgorithm;
  readonly handle: KeyObject;
}

/** @throws ConfigurationError for a key that is weak, malformed, private, or not for encryption. */
export function encryptionKeyFromJwk(value: unknown): EncryptionKey {
  const parsed = parseEncryptionJwk(value);
  if (!parsed.ok) throw unusable(parsed.failure);
  if (isJsonObject(value) && Object.hasOwn(value, 'd')) throw unusable('private member');
  const jwk = parsed.value;
  const [algorithm] = algorithmsFor(jwk);
  if (algorithm === undefined) throw unusable('key type');
  try {
    return { jwk, algorithm, handle: createPublicKey({ key: { ...jwk }, format: 'jwk' }) };
  } catch {
    throw unusable('not a point'); // the members are sound, so only the point can be the cause
  }
}

/** A compact JWE with A256GCM. RFC 7516 §7.1. */
export async function encryptCompactJwe(
  plaintext: string,
  key: EncryptionKey,
  header: { readonly cty?: string; readonly typ?: string } = {},
): Promise<string> {
  const { kid } = key.jwk;
  return new CompactEncrypt(new TextEncoder().encode(plaintext))
    .setProtectedHeader({
      alg: key.algorithm,
      enc: 'A256GCM',
      ...(kid !== undefined && { kid }),
      ...header,
    })
    .encrypt(key.handle);
}

function unusable(problem: string): ConfigurationError {
  return new ConfigurationError(`The encryption key cannot be used: ${problem}.`);
}
