import { accept, type Rejection, type Result, type Thumbprint } from '@keybound/core';
import type { CheckedDpopProof } from './checked-dpop-proof.js';
import { reject } from './rejections.js';

/**
 * Checks that a proof was made for this very token string. RFC 9449 §4.3 (12), first half.
 *
 * @param accessTokenHash base64url of the SHA-256 of the token as received.
 */
export function checkProofIsForToken(
  proof: CheckedDpopProof,
  accessTokenHash: string,
): Result<CheckedDpopProof, Rejection> {
  if (proof.ath === accessTokenHash) return accept(proof);
  return reject('dpop.ath', 'DPOP-12', {
    expected: accessTokenHash,
    actual: proof.ath ?? 'no ath',
  });
}

/** Checks that the proven key is the one the token is bound to. RFC 9449 §4.3 (12), second half. */
export function bindProofToToken(
  proof: CheckedDpopProof,
  jkt: Thumbprint,
): Result<CheckedDpopProof, Rejection> {
  if (proof.thumbprint === jkt) return accept(proof);
  return reject('dpop.other_key', 'DPOP-12', { expected: jkt, actual: proof.thumbprint });
}
