import { createHash } from 'node:crypto';
import { signatureAlgorithms, type SignatureAlgorithmName } from './algorithms.js';

/**
 * `at_hash` and its like: base64url of the left half of the hash that goes with a signature
 * algorithm. OpenID Connect Core §3.1.3.6.
 *
 * Ed25519 has SHA-512 inside, and is taken to go with it, as deployed libraries do.
 */
export function leftHalfHash(text: string, algorithm: SignatureAlgorithmName): string {
  const digest = createHash(signatureAlgorithms[algorithm].digest ?? 'sha512')
    .update(text)
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
