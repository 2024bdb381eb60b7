import {
  accept,
  isMacJws,
  isSignatureJws,
  refuse,
  verifyMac,
  verifySignature,
  type HttpRequestView,
  type JsonObject,
  type JwsProblem,
  type Rejection,
  type Result,
  type Seconds,
  type Thumbprint,
} from '@keybound/core';
import { checkCoveredContent } from './check-covered-content.js';
import { checkCoveredHeaders } from './check-covered-headers.js';
import { checkCoveredQuery, checkNothingUnsigned } from './check-covered-query.js';
import { checkNonce, checkTimestamp, type Freshness } from './check-freshness.js';
import { checkRequestLine } from './check-request-line.js';
import type { ConfirmationKey } from '../confirmation/confirmation-key.js';
import type { Covered } from '../confirmation/covered.js';
import type { OpenedSignedRequest } from './opened-signed-request.js';
import { reject, rejectJws } from './rejections.js';
import type { SignedRequestPolicy } from './signed-request-policy.js';

declare const checked: unique symbol;

/** A signed HTTP request that fits the request it came with. Made only by `checkSignedRequest`. */
export interface CheckedSignedRequest extends Freshness {
  readonly [checked]: true;
  readonly thumbprint: Thumbprint;
  readonly covered: Covered;
  /** The signed text, which names this request whatever its signature's encoding. */
  readonly signingInput: string;
  readonly nonce: string | undefined;
  readonly jti: string | undefined;
  /** Whether the verifier could have made it as well. */
  readonly symmetric: boolean;
}

/**
 * Checks a signed HTTP request against the request that carried it. SHR §5, in the order of the
 * digest's steps 6 to 13.
 *
 * Keeps no state and reads no clock; `signedRequestSpend` is claimed by the endpoint last of all.
 *
 * @param key The one that the access token is bound to, never one from the JWS header.
 * @returns What is covered, or the first requirement that failed. Bad input never throws.
 */
export async function checkSignedRequest(
  opened: OpenedSignedRequest,
  key: ConfirmationKey,
  request: HttpRequestView,
  policy: SignedRequestPolicy,
  now: Seconds,
): Promise<Result<CheckedSignedRequest, Rejection>> {
  const verified = await verify(opened, key);
  if (!verified.ok) return rejectJws(verified.failure);
  const payload = verified.value;
  const complete = checkRequired(payload, policy);
  if (!complete.ok) return complete;
  const timestamp = checkTimestamp(payload, policy, now);
  if (!timestamp.ok) return timestamp;
  const line = checkRequestLine(payload, request, policy);
  if (!line.ok) return line;
  const covered = await checkCovered(payload, request, opened, policy);
  if (!covered.ok) return covered;
  const fresh = checkNonce(payload, policy, now, timestamp.value);
  if (!fresh.ok) return fresh;
  const symmetric = key.kind === 'mac';
  const identified = payload['nonce'] !== undefined || payload['jti'] !== undefined;
  if (symmetric && !identified && policy.unidentifiedMacs === 'refused') {
    return reject('shr.nonce', 'CNF-10', { actual: 'neither nonce nor jti' });
  }
  return accept({
    thumbprint: key.key.thumbprint,
    covered: covered.value,
    signingInput: opened.jws.signingInput,
    nonce: text(payload['nonce']),
    jti: text(payload['jti']),
    symmetric,
    ...fresh.value,
  } as CheckedSignedRequest);
}

/** SHR-20, SHR-22: a MAC by a symmetric key, a signature by a public one, and neither by the other. */
async function verify(
  { jws }: OpenedSignedRequest,
  confirmation: ConfirmationKey,
): Promise<Result<JsonObject, JwsProblem>> {
  if (confirmation.kind === 'mac' && isMacJws(jws)) return verifyMac(jws, confirmation.key);
  if (confirmation.kind === 'signature' && isSignatureJws(jws)) {
    return verifySignature(jws, confirmation.key);
  }
  return refuse({ step: 'alg', actual: jws.header.algorithm });
}

/** SHR-14: what the policy requires must be there. */
function checkRequired(
  payload: JsonObject,
  policy: SignedRequestPolicy,
): Result<undefined, Rejection> {
  for (const member of policy.require) {
    if (!Object.hasOwn(payload, member)) {
      return reject(`shr.${member}`, member === 'ts' ? 'SHR-02' : 'SHR-14', { actual: 'absent' });
    }
  }
  return accept(undefined);
}

/** The query, the headers and, only then, the content. */
async function checkCovered(
  payload: JsonObject,
  request: HttpRequestView,
  opened: OpenedSignedRequest,
  policy: SignedRequestPolicy,
): Promise<Result<Covered, Rejection>> {
  const { query } = request.url;
  const parameters = await checkCoveredQuery(payload['q'], query, policy);
  if (!parameters.ok) return parameters;
  if (policy.rejectUnsignedQuery) {
    const own = opened.transport === 'query';
    const complete = checkNothingUnsigned(query, parameters.value, own);
    if (!complete.ok) return complete;
  }
  const headers = await checkCoveredHeaders(payload['h'], request);
  if (!headers.ok) return headers;
  const missing = policy.requiredHeaders.find((name) => !headers.value.includes(name));
  if (missing !== undefined) return reject('shr.h', 'SHR-14', { expected: missing });
  const content = await checkCoveredContent(payload['b'], request, opened, policy);
  if (!content.ok) return content;
  return accept({
    m: payload['m'] !== undefined,
    u: payload['u'] !== undefined,
    p: payload['p'] !== undefined,
    q: new Set(parameters.value.map(({ name }) => name)),
    h: new Set(headers.value),
    b: content.value,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
