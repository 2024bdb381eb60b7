import {
  accept,
  isMediaType,
  parseCompactJws,
  verifySignature,
  type JsonObject,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { Parameters } from '../extension/parameters.js';
import type { SingleUse } from '../extension/single-use.js';
import { checkObjectTime } from './check-object-time.js';
import { hasNul } from './has-nul.js';
import { parametersOfObject } from './object-parameters.js';
import { objectUse } from './object-use.js';
import { reject, rejectJws } from './rejections.js';
import { requestObjectClaims, type RequestObjectClaims } from './request-object-claims.schema.js';
import { longestRequestObject } from './unverified-header.js';

/** What this server expects of request objects. */
export interface RequestObjectPolicy {
  readonly issuer: string;
  readonly algorithms: readonly string[];
}

/** A request that its client signed. */
export interface VerifiedRequestObject {
  readonly parameters: Parameters;
  /** Its `jti`, to be spent once everything else is found right. AS-50. */
  readonly uses: readonly SingleUse[];
}

/**
 * Verifies a request object by the keys of the client that is said to have made it. RFC 9101 §6.
 *
 * What the request asks for is not judged here. Keeps no state.
 *
 * @throws UpstreamError when the client's keys cannot be had.
 */
export async function verifyRequestObject(
  request: string,
  client: Client,
  policy: RequestObjectPolicy,
  now: Seconds,
): Promise<Result<VerifiedRequestObject, Rejection>> {
  const jws = parseCompactJws(request, {
    accepts: isRequestObject,
    algorithms: allowedAlgorithms(client, policy),
    maxLength: longestRequestObject,
  });
  if (!jws.ok) return rejectJws(jws.failure);
  const { algorithm, kid } = jws.value.header;
  const key = await client.keys?.find({ algorithm, kid });
  if (key?.ok !== true) {
    return reject('request_object.key', 'AS-45', { actual: key?.failure ?? 'no keys' });
  }
  const payload = await verifySignature(jws.value, key.value);
  if (!payload.ok) return rejectJws(payload.failure);
  if (hasNul(new TextDecoder().decode(jws.value.payload))) {
    return reject('request_object.format', 'THR-35', { actual: 'U+0000' });
  }
  const claims = checkClaims(payload.value, client, policy);
  if (!claims.ok) return claims;
  const timely = checkObjectTime(claims.value, now);
  if (!timely.ok) return timely;
  const uses = await objectUse(claims.value);
  return accept({ parameters: parametersOfObject(payload.value), uses });
}

/** AS-48. A client assertion that says nothing of its kind is told by its `sub` (AS-44). */
function isRequestObject(typ: unknown): boolean {
  return typ === undefined || isMediaType(typ, 'oauth-authz-req+jwt') || isMediaType(typ, 'jwt');
}

/** The one that the client registered, or else all that the server takes. RFC 9101 §10.5. */
function allowedAlgorithms({ metadata }: Client, { algorithms }: RequestObjectPolicy) {
  const registered = metadata.request_object_signing_alg;
  if (registered === undefined) return new Set(algorithms);
  return new Set(algorithms.filter((name) => name === registered));
}

function checkClaims(
  payload: JsonObject,
  client: Client,
  { issuer }: RequestObjectPolicy,
): Result<RequestObjectClaims, Rejection> {
  for (const name of ['request', 'request_uri', 'sub']) {
    if (Object.hasOwn(payload, name)) {
      return reject('request_object.nested', 'AS-44', { actual: name });
    }
  }
  const claims = requestObjectClaims.safeParse(payload);
  if (!claims.success) {
    const name = String(claims.error.issues[0]?.path[0] ?? 'payload');
    const requirement = name === 'exp' || name === 'nbf' || name === 'iat' ? 'AS-47' : 'AS-46';
    return reject('request_object.claims', requirement, { actual: name });
  }
  const { iss, client_id, aud } = claims.data;
  if (iss !== client.id || client_id !== client.id) {
    const actual = `${iss} ${client_id}`;
    return reject('request_object.client', 'AS-46', { expected: client.id, actual });
  }
  const audiences = typeof aud === 'string' ? [aud] : aud;
  if (audiences.includes(issuer)) return accept(claims.data);
  const actual = audiences.join(' ');
  return reject('request_object.audience', 'AS-46', { expected: issuer, actual });
}
