import type { CryptoKey } from 'jose';
import type { SignatureAlgorithm } from './algorithms.js';

/** {@link file://./platform.ts} over WebCrypto, for the `browser` condition. */
export type PlatformKey = CryptoKey;

export function toPlatformKey(key: CryptoKey): PlatformKey {
  return key;
}

export function encodeBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const octet of bytes) binary += String.fromCharCode(octet);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function encodeTextBase64url(text: string): string {
  return encodeBase64url(new TextEncoder().encode(text));
}

export function decodeCanonicalBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    return utf8.decode(octets);
  } catch {
    return undefined; // a fatal decoder throws for octets that are not UTF-8, and for nothing else
  }
}

export async function sha256(data: Uint8Array | string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', octetsOf(data)));
}

export async function sha256Base64url(data: Uint8Array | string): Promise<string> {
  return encodeBase64url(await sha256(data));
}

export async function verifyBytes(
  algorithm: SignatureAlgorithm,
  key: PlatformKey,
  data: string,
  signature: Uint8Array,
): Promise<boolean> {
  return crypto.subtle.verify(parameters(algorithm), key, ownBuffer(signature), octetsOf(data));
}

export async function signBytes(
  algorithm: SignatureAlgorithm,
  key: PlatformKey,
  data: string,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(parameters(algorithm), key, octetsOf(data)));
}

function octetsOf(data: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof data === 'string' ? new TextEncoder().encode(data) : ownBuffer(data);
}

/** WebCrypto takes no view of a shared buffer. */
function ownBuffer(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return data.buffer instanceof ArrayBuffer
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function parameters(algorithm: SignatureAlgorithm) {
  switch (algorithm.family) {
    case 'ECDSA':
      return { name: 'ECDSA', hash: algorithm.webHash };
    case 'RSA-PSS':
      return { name: 'RSA-PSS', saltLength: algorithm.saltLength };
    case 'RSASSA-PKCS1-v1_5':
    case 'Ed25519':
      return { name: algorithm.family };
  }
}
