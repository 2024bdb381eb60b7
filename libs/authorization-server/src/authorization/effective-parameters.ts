import {
  accept,
  bodyDepth,
  decodeBase64url,
  parseJsonObject,
  refuse,
  splitCompactJws,
  splitHttpUrl,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { Parameters } from '../extension/parameters.js';
import type { SingleUse } from '../extension/single-use.js';
import { parametersOfObject } from '../request-object/object-parameters.js';
import { reject as rejectObject } from '../request-object/rejections.js';
import { longestRequestObject } from '../request-object/unverified-header.js';
import { verifyRequestObject } from '../request-object/verify-request-object.js';
import type { ServerContext } from '../server/server-context.js';
import type { IncomingRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/** What counts of a request. */
export interface EffectiveParameters {
  readonly parameters: Parameters;
  readonly signed: boolean;
  readonly uses: readonly SingleUse[];
}

/** Nothing counts; where the refusal goes is said by parameters that nobody vouches for. */
export interface NoParameters {
  readonly rejection: Rejection;
  readonly fallback: Parameters;
}

/**
 * The parameters of the request object, where there is one, and of it alone (RFC 9101 §5, §6.3); else
 * those of the query or the form. A request object is never ignored: where it is not taken, it is
 * refused (AS-41).
 */
export async function effectiveParameters(
  context: ServerContext,
  { client, http }: IncomingRequest,
): Promise<Result<EffectiveParameters, NoParameters>> {
  const outer = http.parameters;
  const request = outer.one('request');
  const refused = (rejection: Rejection): Result<never, NoParameters> =>
    refuse({ rejection, fallback: fallbackOf(outer, request) });

  const twice = ['client_id', 'request', 'request_uri'].find((name) => outer.repeated.has(name));
  if (twice !== undefined) {
    return refused(rejectObject('request_object.repeated', 'AS-02', { actual: twice }).failure);
  }
  const requestUri = outer.one('request_uri');
  if (requestUri !== undefined) {
    // Whoever knows such a URI may fetch what is there: the rest of it is not for logs (THR-76).
    const actual = splitHttpUrl(requestUri)?.origin ?? 'no http(s) URL';
    return refused(reject('authorization.request_uri', 'AS-42', { actual }).failure);
  }
  if (request === undefined) return accept({ parameters: outer, signed: false, uses: [] });
  const { requestObjects } = context.configuration;
  if (requestObjects === 'off') return refused(rejectObject('request_object.off', 'AS-41').failure);
  const policy = { issuer: context.issuer, algorithms: requestObjects.algorithms };
  const object = await verifyRequestObject(request, client, policy, http.now);
  if (!object.ok) return refused(object.failure);
  const { parameters, uses } = object.value;
  const agrees = checkOutside(outer, parameters);
  return agrees.ok ? accept({ parameters, signed: true, uses }) : refused(agrees.failure);
}

/**
 * AS-43: OpenID Connect wants `response_type` and `scope` outside too (Core §6.1), where they mean
 * nothing; they may be left out (RFC 9101 §5), and if they are there, they say the same. The outer
 * `client_id` is the one by which the client was found.
 */
function checkOutside(outer: Parameters, inner: Parameters): Result<undefined, Rejection> {
  for (const name of ['response_type', 'scope']) {
    const outside = outer.one(name);
    if (outside !== undefined && !sameNames(outside, inner.one(name) ?? '')) {
      return rejectObject('request_object.outside', 'AS-43', { actual: name });
    }
  }
  return accept(undefined);
}

function sameNames(left: string, right: string): boolean {
  const inOrder = (text: string) => [...new Set(text.split(' '))].sort().join(' ');
  return left === right || inOrder(left) === inOrder(right);
}

/** The outer ones, or those of the object where they alone say where to go: a registered URI or none. */
function fallbackOf(outer: Parameters, request: string | undefined): Parameters {
  if (request === undefined || outer.one('redirect_uri') !== undefined) return outer;
  const segments = splitCompactJws(request, longestRequestObject);
  const octets = segments.ok ? decodeBase64url(segments.value.payload) : undefined;
  const payload = octets === undefined ? undefined : parseJsonObject(octets, bodyDepth);
  return payload === undefined ? outer : parametersOfObject(payload);
}
