import { accept, isMediaType, parseCompactJws, type Rejection, type Result } from '@keybound/core';
import type { OpenedSignedRequest } from './opened-signed-request.js';
import { reject, rejectJws } from './rejections.js';
import type { SignedRequestPolicy, SignedRequestTransport } from './signed-request-policy.js';

/** An access token of 8 KiB grows by a third in here, and `Authorization` must fit into 16 KiB. */
const maxLength = 16_384;

/**
 * Takes a signed HTTP request apart as far as needed to read its access token. SHR §5, steps before
 * the key is known. The signature is not checked here: `checkSignedRequest` does that.
 */
export function openSignedRequest(
  compact: string,
  transport: SignedRequestTransport,
  policy: SignedRequestPolicy,
): Result<OpenedSignedRequest & { readonly accessToken: string }, Rejection> {
  const jws = parseCompactJws(compact, {
    accepts: (typ) => isMediaType(typ, 'pop'),
    algorithms: policy.algorithms,
    macs: policy.macs,
    maxLength,
  });
  if (!jws.ok) return rejectJws(jws.failure);
  const accessToken = jws.value.unverifiedPayload['at'];
  if (typeof accessToken !== 'string' || accessToken === '') return reject('shr.at', 'SHR-01');
  return accept({ method: 'signed-http-request', transport, jws: jws.value, accessToken });
}
