import * as openid from 'openid-client';
import { errorInBody } from '../signing-fetch/error-in-body.js';
import { parseNonce } from '../signing-fetch/parse-nonce.js';

/**
 * Makes a token request, and once more where the server wants a nonce and gives one. RFC 9449 §8.
 *
 * @param grant Makes the request from scratch, with a client assertion of its own: the server may
 *              have spent that of the first request before it asked for the nonce.
 */
export async function repeatWithNonce<T>(grant: () => Promise<T>): Promise<T> {
  try {
    return await grant();
  } catch (error) {
    if (!(await offersNonce(error))) throw error;
    return grant();
  }
}

async function offersNonce(error: unknown): Promise<boolean> {
  const hasBody = error instanceof openid.ResponseBodyError;
  if (!hasBody && !(error instanceof openid.WWWAuthenticateChallengeError)) return false;
  const code = hasBody ? error.error : await errorInBody(error.response);
  const nonce = parseNonce(error.response.headers.get('dpop-nonce'));
  return code === 'use_dpop_nonce' && nonce !== undefined;
}
