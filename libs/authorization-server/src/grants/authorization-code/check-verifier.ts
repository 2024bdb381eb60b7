import { accept, equalInConstantTime, type Rejection, type Result } from '@keybound/core';
import { hashOf } from '../../server/secrets.js';
import { reject } from '../rejections.js';

/** RFC 7636 §4.1. */
const verifierForm = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * Checks a `code_verifier` against the challenge of its code. RFC 7636 §4.6, S256 alone.
 *
 * A verifier where there was no challenge is a downgrade: somebody took the challenge out of the
 * authorization request (OAuth 2.1 §3.2.4).
 */
export async function checkVerifier(
  verifier: string | undefined,
  challenge: string | undefined,
): Promise<Result<undefined, Rejection>> {
  if (verifier !== undefined && !verifierForm.test(verifier)) {
    return reject('code.verifier_form', 'AS-65', {
      actual: `${String(verifier.length)} characters`,
    });
  }
  if (challenge === undefined) {
    return verifier === undefined ? accept(undefined) : reject('code.verifier_unexpected', 'AS-65');
  }
  if (verifier === undefined) return reject('code.verifier_missing', 'AS-65');
  const same = equalInConstantTime(Buffer.from(await hashOf(verifier)), Buffer.from(challenge));
  return same ? accept(undefined) : reject('code.verifier', 'AS-65');
}
