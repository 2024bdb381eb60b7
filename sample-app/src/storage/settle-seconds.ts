import { baseline } from '@keybound/pop';
import type { Settings } from '../settings/settings.js';

/** How far ahead the clocks of clients may be that sign assertions. */
const assertionSkewSeconds = 10;

/**
 * How young replay memory is too young: what is dated a moment ago may have been accepted as much
 * earlier as clocks may be ahead, unless a nonce of ours dates it.
 */
export function settleSeconds({ serverNonces }: Pick<Settings, 'serverNonces'>): number {
  const { dpop, signedHttpRequest } = baseline;
  const proofSkewSeconds = Math.max(dpop.clockSkewSeconds, signedHttpRequest.futureSkewSeconds);
  return 1 + (serverNonces === 'required' ? assertionSkewSeconds : proofSkewSeconds);
}
