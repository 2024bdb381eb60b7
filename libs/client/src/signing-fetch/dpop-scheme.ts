import type { Signer } from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { challengeOf } from './challenge-of.js';
import { errorInBody } from './error-in-body.js';
import { parseNonce } from './parse-nonce.js';
import type { ProofScheme, ServerAnswer } from './proof-scheme.js';

/** Sends the token under `DPoP`, with a proof beside it. RFC 9449 §7.1. */
export function dpopScheme(signer: Signer): ProofScheme {
  return {
    signsContent: false,
    async credentials({ method, url }, { accessToken, nonce, issuedAt }) {
      const input = { method, url, accessToken, issuedAt, ...(nonce !== undefined && { nonce }) };
      return [
        ['authorization', `DPoP ${accessToken}`],
        ['dpop', await makeDpopProof(input, signer)],
      ];
    },
    async read(response) {
      const nonce = parseNonce(response.headers.get('dpop-nonce'));
      return { nonce, refusal: refusalFor(await errorCode(response)) };
    },
  };
}

/** OPS-12: resources answer 401 and a challenge, others 400 and JSON; the code decides. */
async function errorCode(response: Response): Promise<string | undefined> {
  if (response.status !== 400 && response.status !== 401) return undefined;
  return challengeOf(response, 'dpop')?.get('error') ?? (await errorInBody(response));
}

function refusalFor(code: string | undefined): ServerAnswer['refusal'] {
  switch (code) {
    case 'use_dpop_nonce':
      return 'nonce';
    case 'invalid_dpop_proof':
    case 'invalid_token':
      return 'proof';
    default:
      return undefined;
  }
}
