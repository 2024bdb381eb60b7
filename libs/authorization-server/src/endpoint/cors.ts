import { popCorsHeaders } from '@keybound/pop';
import type { Endpoint, EndpointAnswer } from '../extension/endpoint.js';

/**
 * Fields that let pages of other origins read an answer. AS-79, DPOP-35, THR-77: any origin, and
 * therefore never with cookies (`Access-Control-Allow-Credentials` is not sent).
 */
export function corsFields({ cors }: Endpoint): EndpointAnswer['headers'] {
  if (cors === 'none') return [];
  return [
    ['access-control-allow-origin', '*'],
    ['access-control-expose-headers', popCorsHeaders.exposedHeaders.join(', ')],
  ];
}

/** The answer to a preflight. It authenticates nobody and asks nothing of the endpoint. */
export function preflightAnswer(endpoint: Endpoint): EndpointAnswer {
  const { methods } = endpoint;
  return {
    status: 204,
    headers: [
      ...corsFields(endpoint),
      ['access-control-allow-methods', methods.join(', ')],
      ['access-control-allow-headers', popCorsHeaders.allowedHeaders.join(', ')],
      ['access-control-max-age', '600'],
      ['cache-control', 'no-store'],
    ],
    body: undefined,
  };
}
