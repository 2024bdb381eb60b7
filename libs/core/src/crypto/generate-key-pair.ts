import type { CryptoKey } from 'jose';

/** An ES256 key pair whose private key cannot be extracted, on Node and in browsers. RFC 7518 §3.4. */
export async function generateKeyPair(): Promise<KeyPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
}

export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}
