import {
  EmbeddedKeyJwtVerifier,
  type NonceMode,
  type SignatureAlgorithmName,
} from '@keybound/core';

/** What the operator decided about DPoP proofs, already parsed. */
export interface DpopPolicy {
  /** Enforced and published as `dpop_signing_alg_values_supported`. */
  readonly algorithms: readonly SignatureAlgorithmName[];
  /** A proof may be this old, in seconds. */
  readonly maxAgeSeconds: number;
  /** How far clocks may differ, in seconds; added to both ends of the window. */
  readonly clockSkewSeconds: number;
  readonly nonces: NonceMode;
  readonly verifier: EmbeddedKeyJwtVerifier;
}

const maxProofLength = 8_192;

export function dpopPolicy(policy: Omit<DpopPolicy, 'verifier'>): DpopPolicy {
  const { algorithms } = policy;
  const slot = { typ: 'dpop+jwt', algorithms, maxLength: maxProofLength };
  return { ...policy, verifier: new EmbeddedKeyJwtVerifier(slot) };
}
