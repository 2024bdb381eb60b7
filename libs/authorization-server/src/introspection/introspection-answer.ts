import { signCompactJws, type JsonObject } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { jsonAnswer } from '../endpoint/answers.js';
import type { ServerContext } from '../server/server-context.js';

const signedType = 'application/token-introspection+jwt';

/**
 * The answer as its caller wants it: JSON, or signed where it asks for that or registered to get
 * nothing else. RFC 9701 §4, §5, AS-146, AS-255.
 */
export async function introspectionAnswer(
  context: ServerContext,
  caller: Client,
  request: EndpointRequest,
  answer: JsonObject,
): Promise<EndpointAnswer> {
  const registered = caller.metadata.introspection_signed_response_alg;
  if (registered === undefined && !asksForSigned(request)) return jsonAnswer(200, answer);
  const [first = 'RS256'] = context.keys.algorithms;
  const usual = context.keys.algorithms.includes('RS256') ? 'RS256' : first;
  const { kid, signer } = await context.keys.current(registered ?? usual, request.now);
  const jwt = await signCompactJws(
    { typ: 'token-introspection+jwt', kid },
    { iss: context.issuer, aud: caller.id, iat: request.now, token_introspection: answer },
    signer,
  );
  return {
    status: 200,
    headers: [
      ['content-type', signedType],
      ['cache-control', 'no-store'],
    ],
    body: jwt,
  };
}

/** Named and not refused (`q=0`); wildcards get what everybody gets. RFC 9110 §12.5.1. */
function asksForSigned({ view }: EndpointRequest): boolean {
  return view
    .headerValues('accept')
    .flatMap((field) => field.slice(0, 1_024).toLowerCase().split(','))
    .map((range) => range.split(';').map((part) => part.trim()))
    .some(
      ([type, ...parameters]) =>
        type === signedType && !parameters.some((each) => /^q=0(?:\.0*)?$/.test(each)),
    );
}
