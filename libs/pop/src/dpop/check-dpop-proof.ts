import {
  accept,
  seconds,
  type HttpRequestView,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import type { CheckedDpopProof, ProofTimes } from './checked-dpop-proof.js';
import { checkProofNonce } from './check-proof-nonce.js';
import { dpopClaims, type DpopClaims } from './dpop-claims.schema.js';
import type { DpopPolicy } from './dpop-policy.js';
import { reject, rejectJws } from './rejections.js';
import { sameTarget, targetOf } from './same-target.js';

/**
 * Checks a DPoP proof against the request that carried it. RFC 9449 §4.3 (1)–(11).
 *
 * Keeps no state and reads no clock. `bindProofToToken` (DPOP-12) comes next at a resource, and
 * `proofSpend` (DPOP-13) is claimed by the endpoint last of all, so that only a token's holder can
 * take room in the replay store.
 *
 * @param request Its `url` is the one the client used, not the one a proxy forwarded.
 * @param policy  `maxAgeSeconds` and `clockSkewSeconds` bound `iat`, unless a nonce dates the proof.
 * @returns The proven key, or the first requirement that failed. Bad input never throws.
 */
export async function checkDpopProof(
  request: HttpRequestView,
  policy: DpopPolicy,
  now: Seconds,
): Promise<Result<CheckedDpopProof, Rejection>> {
  const [jwt, ...others] = request.headerValues('dpop');
  if (jwt === undefined) return reject('dpop.missing', 'DPOP-20');
  if (others.length > 0) {
    return reject('dpop.header_count', 'DPOP-01', { actual: String(others.length + 1) });
  }
  const proof = await policy.verifier.verify(jwt);
  if (!proof.ok) return rejectJws(proof.failure);
  const { key } = proof.value;
  const claims = dpopClaims.safeParse(proof.value.claims);
  if (!claims.success) return rejectClaims(proof.value.claims['jti'], claims.error.issues);

  const { htm, htu, jti, ath } = claims.data;
  if (htm !== request.method) {
    return reject('dpop.htm', 'DPOP-08', { expected: request.method, actual: htm });
  }
  const target = targetOf(request.url);
  if (!sameTarget(htu, target)) {
    return reject('dpop.htu', 'DPOP-09', { expected: target, actual: htu });
  }
  const timely = checkTime(claims.data, policy, now);
  if (!timely.ok) return timely;
  return accept({
    method: 'dpop',
    thumbprint: key.thumbprint,
    jwk: key.jwk,
    htu: target,
    jti,
    ath,
    ...timely.value,
  } as CheckedDpopProof);
}

/** DPOP-10 and DPOP-11: with nonces, the server's own time in the nonce dates the proof. */
function checkTime(
  claims: DpopClaims,
  policy: DpopPolicy,
  now: Seconds,
): Result<ProofTimes, Rejection> {
  const { maxAgeSeconds, clockSkewSeconds } = policy;
  const { iat, exp, nbf } = claims;
  if (exp !== undefined && exp <= now - clockSkewSeconds) {
    return reject('dpop.exp', 'DPOP-11', { actual: String(exp) });
  }
  if (nbf !== undefined && nbf > now + clockSkewSeconds) {
    return reject('dpop.exp', 'DPOP-11', { actual: String(nbf) });
  }
  if (policy.nonces.mode === 'required') {
    return checkProofNonce(claims.nonce, policy.nonces.server, now);
  }
  const earliest = now - maxAgeSeconds - clockSkewSeconds;
  const latest = now + clockSkewSeconds;
  if (iat < earliest || iat > latest) {
    return reject('dpop.iat', 'DPOP-11', {
      expected: `${String(earliest)} to ${String(latest)}`,
      actual: String(iat),
    });
  }
  const freshAt = seconds(iat - clockSkewSeconds);
  const staleAt = seconds(Math.floor(iat + maxAgeSeconds + clockSkewSeconds) + 1);
  return accept({ freshAt, staleAt, nextNonce: undefined });
}

function rejectClaims(
  jti: unknown,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
) {
  const [issue] = issues;
  const claim = String(issue?.path[0] ?? 'payload');
  const tooLong = claim === 'jti' && typeof jti === 'string' && jti.length > 0;
  return tooLong
    ? reject('dpop.jti', 'DPOP-14', { actual: String(jti.length) })
    : reject('dpop.claims', 'DPOP-03', { actual: `${claim} - ${issue?.message ?? ''}` });
}
