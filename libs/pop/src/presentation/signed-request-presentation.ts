import { accept, freshNonce, sha256Base64url } from '@keybound/core';
import { transportParameter } from '../signed-http-request/check-covered-query.js';
import { openSignedRequest } from '../signed-http-request/open-signed-request.js';
import type { SignedRequestPolicy } from '../signed-http-request/signed-request-policy.js';
import { parametersNamed } from './parameters.js';
import type { Credential, Presentation } from './presentation.js';

/**
 * `Authorization: PoP <signed request>`, the access token inside. SHR §4.
 *
 * Its key is the one that the token is bound to, so nothing but its form can be checked before the
 * token has been verified. The form and query transports are for the operator to switch on.
 */
export function signedRequestPresentation(policy: SignedRequestPolicy): Presentation {
  const algorithms = [...policy.algorithms].join(' ');
  const infoPrefix = policy.profile.nextNonce === 'after-scheme' ? 'PoP ' : '';
  return {
    scheme: 'PoP',
    findElsewhere(request, form) {
      const found: Credential[] = [];
      if (policy.transports.has('form') && request.method !== 'GET') {
        for (const text of parametersNamed(transportParameter, form)) {
          found.push({ transport: 'form', text });
        }
      }
      if (policy.transports.has('query')) {
        for (const text of parametersNamed(transportParameter, request.url.query)) {
          found.push({ transport: 'query', text });
        }
      }
      return found;
    },
    async extract({ transport, text }) {
      const opened = openSignedRequest(text, transport, policy);
      if (!opened.ok) return opened;
      const { accessToken, ...proof } = opened.value;
      const accessTokenHash = await sha256Base64url(accessToken);
      return accept({ scheme: 'PoP', accessToken, accessTokenHash, proof: accept(proof) });
    },
    freshNonce: (now) => freshNonce(policy.nonces, now),
    challenge: (nonce) => ({
      leading: nonce === undefined ? [] : [['nonce', nonce]],
      parameters: [['algs', algorithms]],
      fields: [],
    }),
    nonceFields: (nonce) => [['authentication-info', `${infoPrefix}nextnonce="${nonce}"`]],
  };
}
