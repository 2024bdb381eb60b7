import { accept, freshNonce, sha256Base64url } from '@keybound/core';
import { checkProofIsForToken } from '../dpop/bind-proof-to-token.js';
import { checkDpopProof } from '../dpop/check-dpop-proof.js';
import type { DpopPolicy } from '../dpop/dpop-policy.js';
import type { Presentation } from './presentation.js';

/**
 * `Authorization: DPoP <token>` with its proof in the `DPoP` field. RFC 9449 §7.1.
 *
 * The proof carries its own key, so it is checked first: nothing is fetched, and no token verified,
 * for a sender that proves nothing.
 */
export function dpopPresentation(policy: DpopPolicy): Presentation {
  const algorithms = policy.algorithms.join(' ');
  return {
    scheme: 'DPoP',
    findElsewhere: () => [],
    async extract({ text }, request, now) {
      const accessTokenHash = await sha256Base64url(text);
      const proof = await checkDpopProof(request, policy, now);
      return accept({
        scheme: 'DPoP',
        accessToken: text,
        accessTokenHash,
        proof: proof.ok ? checkProofIsForToken(proof.value, accessTokenHash) : proof,
      });
    },
    freshNonce: (now) => freshNonce(policy.nonces, now),
    challenge(nonce) {
      const fields = nonce === undefined ? [] : this.nonceFields(nonce);
      return { leading: [], parameters: [['algs', algorithms]], fields };
    },
    nonceFields: (nonce) => [['dpop-nonce', nonce]],
  };
}
