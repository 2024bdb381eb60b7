import { spendOf, type Spend } from '@keybound/core';
import type { CheckedDpopProof } from './checked-dpop-proof.js';

/**
 * What accepting the proof uses up. RFC 9449 §11.1.
 *
 * Named by key, target and `jti`, never by the compact form: a second signature over the same proof
 * is easily made. The same `jti` of another key, or for another URI, is another thing.
 */
export function proofSpend(proof: CheckedDpopProof): Promise<Spend> {
  const { thumbprint, htu, jti, freshAt, staleAt } = proof;
  return spendOf('dpop', [thumbprint, htu, jti], { since: freshAt, until: staleAt });
}
