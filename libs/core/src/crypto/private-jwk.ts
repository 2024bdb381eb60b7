import { exportJWK, generateKeyPair } from 'jose';
import type { SignatureAlgorithmName } from './algorithms.js';

/** A private key by the members of its JWK, all of which are text. RFC 7518 §6, RFC 8037 §2. */
export type PrivateJwk = Readonly<Record<string, string>>;

/** A new private key that can be written down, to be sealed. RSA keys have 2,048 bits. */
export async function generatePrivateJwk(algorithm: SignatureAlgorithmName): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return (await exportJWK(privateKey)) as PrivateJwk;
}
