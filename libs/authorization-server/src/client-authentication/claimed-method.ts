import { accept, type Rejection, type Result } from '@keybound/core';
import type {
  ClaimedIdentity,
  ClientAuthenticationMethod,
} from '../extension/client-authentication.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { noMethod } from './no-client-authentication.js';
import { reject } from './rejections.js';

/** The one credential of a request, and for whom it claims to be. */
export interface ClaimedMethod {
  readonly method: ClientAuthenticationMethod;
  readonly identity: ClaimedIdentity;
}

const once = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * Finds the one credential of a request. AS-80, AS-81, THR-41.
 *
 * Two are refused even where one of them is malformed; a `client_id` without any is a public
 * client's, unless there is an `Authorization` field that nobody understands.
 */
export function claimedMethod(
  { extensions }: ServerContext,
  request: EndpointRequest,
): Result<ClaimedMethod, Rejection> {
  const { parameters, view } = request;
  const repeated = once.find((name) => parameters.repeated.has(name));
  if (repeated !== undefined) {
    return reject('client_authentication.repeated', 'THR-41', { actual: repeated });
  }
  const [first, ...others] = detected(extensions.clientAuthenticationMethods, request);
  if (others.length > 0) return reject('client_authentication.several', 'AS-81');
  if (first === undefined && view.headerValues('authorization').length > 0) {
    return reject('client_authentication.scheme', 'AS-62');
  }
  const only = first ?? publicClient(extensions.clientAuthenticationMethods, request);
  if (only === undefined) return reject('client_authentication.missing', 'AS-80');
  const { method, identity } = only;
  if (!identity.ok) return identity;
  const named = parameters.one('client_id');
  if (named !== undefined && named !== identity.value.clientId) {
    return reject('client_authentication.other_client', 'AS-81', {
      expected: identity.value.clientId,
      actual: named,
    });
  }
  return accept({ method, identity: identity.value });
}

interface Detected {
  readonly method: ClientAuthenticationMethod;
  readonly identity: Result<ClaimedIdentity, Rejection>;
}

function detected(
  methods: ReadonlyMap<string, ClientAuthenticationMethod>,
  request: EndpointRequest,
): readonly Detected[] {
  const found: Detected[] = [];
  for (const method of methods.values()) {
    const identity = method.name === noMethod ? undefined : method.detect(request);
    if (identity !== undefined) found.push({ method, identity });
  }
  return found;
}

function publicClient(
  methods: ReadonlyMap<string, ClientAuthenticationMethod>,
  request: EndpointRequest,
): Detected | undefined {
  const method = methods.get(noMethod);
  const identity = method?.detect(request);
  return method === undefined || identity === undefined ? undefined : { method, identity };
}
