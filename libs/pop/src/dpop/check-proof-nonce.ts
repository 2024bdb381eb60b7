import {
  accept,
  type Rejection,
  type Result,
  type Seconds,
  type ServerNonces,
} from '@keybound/core';
import type { ProofTimes } from './checked-dpop-proof.js';
import { reject } from './rejections.js';

/**
 * Checks the `nonce` of an otherwise valid proof. RFC 9449 §4.3 (10), §8, §9.
 *
 * Missing, expired and unknown are told apart for the operator; the client is told the same.
 */
export function checkProofNonce(
  nonce: string | undefined,
  server: ServerNonces,
  now: Seconds,
): Result<ProofTimes, Rejection> {
  if (nonce === undefined) return reject('dpop.nonce_missing', 'DPOP-10');
  const verdict = server.check(nonce, now);
  switch (verdict.state) {
    case 'unknown':
      return reject('dpop.nonce_unknown', 'DPOP-10');
    case 'expired':
      return reject('dpop.nonce_expired', 'DPOP-10');
    case 'current':
      return accept({
        freshAt: verdict.since,
        staleAt: verdict.until,
        nextNonce: verdict.renew ? server.issue(now) : undefined,
      });
  }
}
