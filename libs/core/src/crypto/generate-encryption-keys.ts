import { exportJWK, generateKeyPair } from 'jose';
import type { JsonObject } from './parse-json.js';

/** A key pair to which others encrypt, as JWKs. */
export interface EncryptionKeys {
  readonly publicJwk: JsonObject;
  readonly privateJwk: JsonObject;
}

/** A fresh P-256 key pair for ECDH-ES. RFC 7518 §4.6. */
export async function generateEncryptionKeys(): Promise<EncryptionKeys> {
  const pair = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const named = { kid: crypto.randomUUID(), use: 'enc', alg: 'ECDH-ES' };
  return {
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...named },
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...named },
  };
}
