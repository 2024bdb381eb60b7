import { toPlatformKey, type PlatformKey } from '#platform';
import { importJWK } from 'jose';
import { accept, refuse, type Result } from '../errors/result.js';
import type { SignatureAlgorithmName } from './algorithms.js';
import { parsePublicJwk, type JwkProblem, type PublicJwk } from './public-jwk.js';
import { thumbprintOf, type Thumbprint } from './thumbprint.js';

/** A public key that is sound and ready to verify with. Made only by {@link importVerificationKey}. */
export interface VerificationKey {
  readonly jwk: PublicJwk;
  readonly thumbprint: Thumbprint;
  readonly handle: PlatformKey;
}

/**
 * Parses a JWK from outside and imports it. Whatever the engine throws is a refusal like any other:
 * only the key can be the cause, and engines report a point off its curve as DOMException, TypeError
 * and OperationError alike, some of them from another realm.
 */
export async function importVerificationKey(
  value: unknown,
): Promise<Result<VerificationKey, JwkProblem>> {
  const parsed = parsePublicJwk(value);
  if (!parsed.ok) return parsed;
  const jwk = parsed.value;
  try {
    const key = await importJWK({ ...jwk }, importAlgorithm(jwk));
    if (key instanceof Uint8Array) return refuse('key type');
    return accept({ jwk, thumbprint: await thumbprintOf(jwk), handle: toPlatformKey(key) });
  } catch {
    return refuse('not a point');
  }
}

/** The algorithm a key is imported for; on Node the imported key serves every one of its type. */
function importAlgorithm(jwk: PublicJwk): SignatureAlgorithmName {
  switch (jwk.kty) {
    case 'EC':
      return ({ 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const)[jwk.crv];
    case 'OKP':
      return 'Ed25519';
    case 'RSA':
      return 'PS256';
  }
}
