import { accept, type Rejection, type Result, type Seconds } from '@keybound/core';
import { checkSignedRequest } from '../signed-http-request/check-signed-request.js';
import type { OpenedSignedRequest } from '../signed-http-request/opened-signed-request.js';
import { signedRequestSpend } from '../signed-http-request/signed-request-spend.js';
import type { SignedRequestPolicy } from '../signed-http-request/signed-request-policy.js';
import type { CnfMember } from './cnf-claim.js';
import type { Confirmation, Confirmed, Evidence } from './confirmation.js';
import type { ConfirmationKeys } from './confirmation-keys.js';
import type { Coverage } from './coverage.js';

const cnfMembers: readonly CnfMember[] = ['jwk', 'jwe', 'jku', 'kid'];

/** Proves a key that `cnf` holds or names by the signature over the request. SHR §5, RFC 7800 §3. */
export function signedRequestConfirmation(
  policy: SignedRequestPolicy,
  keys: ConfirmationKeys,
): Confirmation {
  async function prove(
    opened: OpenedSignedRequest,
    evidence: Evidence,
    now: Seconds,
  ): Promise<Result<Confirmed, Rejection>> {
    const { cnf, request, coverage, token } = evidence;
    const { header, unverifiedPayload } = opened.jws;
    const key = await keys.resolve({
      cnf,
      issuer: token.issuer,
      algorithm: header.algorithm,
      reference: unverifiedPayload['cnf'],
    });
    if (!key.ok) return key;
    const demanded = withCoverage(policy, coverage);
    const checked = await checkSignedRequest(opened, key.value, request, demanded, now);
    if (!checked.ok) return checked;
    const { thumbprint, covered, nextNonce } = checked.value;
    return accept({
      method: 'signed-http-request',
      proves: cnfMembers,
      thumbprint,
      covered,
      spends: await signedRequestSpend(checked.value, policy.replay),
      nextNonce,
    });
  }

  return {
    method: 'signed-http-request',
    cnfMembers,
    check(evidence, now) {
      const { proof } = evidence.presented;
      if (!proof.ok || proof.value?.method !== 'signed-http-request') return undefined;
      return prove(proof.value, evidence, now);
    },
  };
}

/** A route can only add to what the policy requires. */
function withCoverage(policy: SignedRequestPolicy, coverage: Coverage): SignedRequestPolicy {
  if (!coverage.body && !coverage.query && coverage.headers.length === 0) return policy;
  return {
    ...policy,
    requireBody: coverage.body ? 'always' : policy.requireBody,
    rejectUnsignedQuery: policy.rejectUnsignedQuery || coverage.query,
    requiredHeaders: [...policy.requiredHeaders, ...coverage.headers],
  };
}
