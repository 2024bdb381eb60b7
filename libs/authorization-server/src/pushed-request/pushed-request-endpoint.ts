import { clientEndpointSurface } from '../client-authentication/endpoint-surface.js';
import type { BuiltIn } from '../server/server-context.js';
import { pushRequest } from './push-request.js';

/** Where clients push authorization requests. RFC 9126 §2, §5. */
export const pushedRequestEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'pushed_authorization_request',
      below: 'issuer',
      path: '/par',
      methods: ['POST'],
      content: 'form',
      cors: 'any-origin',
      metadata: (url) => ({ pushed_authorization_request_endpoint: url }),
      surface: (view) => clientEndpointSurface(context, view),
      handle: (http) => pushRequest(context, http),
    },
  ],
});
