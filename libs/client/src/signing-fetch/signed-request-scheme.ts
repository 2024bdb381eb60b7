import type { Signer } from '@keybound/core';
import { signHttpRequest } from '@keybound/pop';
import { readAuthParameters } from './auth-parameters.js';
import { challengeOf } from './challenge-of.js';
import { parseNonce } from './parse-nonce.js';
import type { ProofScheme } from './proof-scheme.js';

/**
 * Sends the token inside a signed HTTP request, under `PoP`. SHR §4.1.
 *
 * Signed are method, host, path, query, content and the type of content.
 */
export function signedRequestScheme(signer: Signer): ProofScheme {
  return {
    signsContent: true,
    async credentials({ method, url, headers, content }, { accessToken, nonce, issuedAt }) {
      const type = headers.get('content-type');
      const input = {
        accessToken,
        method,
        url,
        issuedAt,
        ...(type !== null && { headers: [['content-type', type]] as const }),
        ...(content instanceof Uint8Array && { content }),
        ...(nonce !== undefined && { nonce }),
      };
      return [['authorization', `PoP ${await signHttpRequest(input, signer)}`]];
    },
    async read(response) {
      const challenge = response.status === 401 ? challengeOf(response, 'pop') : undefined;
      const demanded = parseNonce(challenge?.get('nonce'));
      if (demanded !== undefined) return { nonce: demanded, refusal: 'nonce' };
      const refused = challenge?.get('error') === 'invalid_token';
      return { nonce: nextNonceIn(response), refusal: refused ? 'proof' : undefined };
    },
  };
}

function nextNonceIn(response: Response): string | undefined {
  const { parameters } = readAuthParameters(response.headers.get('authentication-info') ?? '');
  return parseNonce(parameters.get('nextnonce'));
}
