import {
  accept,
  bodyDepth,
  importMacKey,
  parseJsonObject,
  type DecryptionKeys,
  type MacKey,
  type Rejection,
  type Result,
} from '@keybound/core';
import { reject } from './rejections.js';

/** Opens a `cnf.jwe`: a symmetric key, encrypted for this resource. RFC 7800 §3.3. */
export async function openEncryptedKey(
  jwe: string,
  keys: DecryptionKeys | undefined,
): Promise<Result<MacKey, Rejection>> {
  if (keys === undefined) return rejectKey('symmetric keys are off');
  const plaintext = await keys.decrypt(jwe);
  if (!plaintext.ok) return rejectKey(plaintext.failure.step);
  const jwk = parseJsonObject(plaintext.value, bodyDepth);
  if (jwk === undefined) return rejectKey('not JSON');
  const key = await importMacKey(jwk);
  return key.ok ? accept(key.value) : rejectKey(key.failure);
}

function rejectKey(actual: string) {
  return reject('cnf.key', 'CNF-06', { actual });
}
