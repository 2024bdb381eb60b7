import { generateKeyPair } from 'jose';
import type { SignatureAlgorithmName } from './algorithms.js';
import { signerFromKeyPair, type Signer } from './signer.js';

/**
 * A signer for a new key whose private part cannot be extracted. RFC 7518 §3.1, RFC 8037 §3.1. RSA
 * keys have 2,048 bits.
 */
export async function generateSigner(algorithm: SignatureAlgorithmName): Promise<Signer> {
  const pair = await generateKeyPair(algorithm, { extractable: false });
  return signerFromKeyPair(pair, algorithm);
}
