/**
 * What a browser must be allowed to send and to read. RFC 9449 §7.1, §8.2; a wildcard does not cover
 * `Authorization`. Fits the options of Nest's `enableCors`, `cors` and `@fastify/cors`.
 *
 * Which methods may be used is the API's own to say, in `methods`: left out, `cors` allows PUT, PATCH
 * and DELETE too, and `@fastify/cors` does not.
 */
export const popCorsHeaders = {
  allowedHeaders: ['Authorization', 'DPoP', 'Content-Type'],
  exposedHeaders: ['WWW-Authenticate', 'DPoP-Nonce', 'Authentication-Info', 'Date'],
};
