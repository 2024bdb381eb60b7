import { spendOf, type Spend } from '@keybound/core';
import type { CheckedSignedRequest } from './check-signed-request.js';

/**
 * What accepting a signed request uses up. SHR-27.
 *
 * A request with neither `nonce` nor `jti` cannot be told from a second legitimate one in the same
 * second; under `strict`, and always under a symmetric key (CNF-10), its signed text is remembered
 * all the same.
 */
export async function signedRequestSpend(
  request: CheckedSignedRequest,
  replay: 'when-identified' | 'strict',
): Promise<readonly Spend[]> {
  const { thumbprint, nonce, jti, signingInput, symmetric } = request;
  const times = { since: request.freshAt, until: request.staleAt };
  if (nonce === undefined && jti === undefined) {
    if (replay === 'when-identified' && !symmetric) return [];
    return [await spendOf('signed-http-request text', [thumbprint, signingInput], times)];
  }
  return [await spendOf('signed-http-request', [thumbprint, nonce ?? '', jti ?? ''], times)];
}
