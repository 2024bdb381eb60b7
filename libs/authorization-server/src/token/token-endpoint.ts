import { clientEndpointSurface } from '../client-authentication/endpoint-surface.js';
import type { BuiltIn } from '../server/server-context.js';
import { runTokenRequest } from './run-token-request.js';

/** The token endpoint. OAuth 2.1 §3.2. */
export const tokenEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'token',
      below: 'issuer',
      path: '/token',
      methods: ['POST'],
      content: 'form',
      cors: 'any-origin',
      metadata: (url) => ({ token_endpoint: url }),
      surface: (view) => clientEndpointSurface(context, view),
      handle: (request) => runTokenRequest(context, request),
    },
  ],
});
