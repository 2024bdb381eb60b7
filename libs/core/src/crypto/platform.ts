import { isUtf8 } from 'node:buffer';
import { constants, createHash, hash, KeyObject, sign, verify } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { SignatureAlgorithm } from './algorithms.js';

/**
 * The few primitives that differ between Node and browsers; `platform.browser.ts` is the other half.
 *
 * On Node, hashing is done at once and signatures on the thread pool, both on a `KeyObject` and
 * without the detour over WebCrypto.
 */
export type PlatformKey = KeyObject;

export function toPlatformKey(key: CryptoKey): PlatformKey {
  return KeyObject.from(key);
}

export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Of the UTF-8 form of text. */
export function encodeTextBase64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Only for text that {@link isCanonicalBase64url} accepted. */
export function decodeCanonicalBase64url(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}

/** Undefined for octets that are not UTF-8; a byte order mark is kept. */
export function decodeUtf8(octets: Uint8Array): string | undefined {
  if (!isUtf8(octets)) return undefined;
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8');
}

export function sha256(data: Uint8Array | string): Uint8Array {
  // Through text: Node takes twice as long to hand out a short digest as a buffer.
  return typeof data === 'string'
    ? Buffer.from(hash('sha256', data, 'base64url'), 'base64url')
    : createHash('sha256').update(data).digest();
}

export function sha256Base64url(data: Uint8Array | string): string {
  return typeof data === 'string'
    ? hash('sha256', data, 'base64url')
    : createHash('sha256').update(data).digest('base64url');
}

/**
 * Verifies on the thread pool, so that signatures do not hold up the event loop.
 *
 * Rejects when the engine refuses the key or the signature's form; see `checkSignature`.
 */
export function verifyBytes(
  algorithm: SignatureAlgorithm,
  key: PlatformKey,
  data: string,
  signature: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(
      algorithm.digest ?? null,
      Buffer.from(data, 'latin1'),
      keyInput(algorithm, key),
      signature,
      (error, good) => {
        if (error === null) resolve(good);
        else reject(error);
      },
    );
  });
}

export function signBytes(
  algorithm: SignatureAlgorithm,
  key: PlatformKey,
  data: string,
): Uint8Array {
  return sign(algorithm.digest ?? null, Buffer.from(data, 'latin1'), keyInput(algorithm, key));
}

function keyInput(algorithm: SignatureAlgorithm, key: PlatformKey) {
  switch (algorithm.family) {
    case 'ECDSA':
      return { key, dsaEncoding: 'ieee-p1363' as const };
    case 'RSA-PSS':
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength };
    case 'RSASSA-PKCS1-v1_5':
      return { key, padding: constants.RSA_PKCS1_PADDING };
    case 'Ed25519':
      return { key };
  }
}
