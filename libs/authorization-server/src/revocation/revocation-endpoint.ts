import { accept, type Rejection, type Result } from '@keybound/core';
import { clientEndpointSurface } from '../client-authentication/endpoint-surface.js';
import { emptyAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { BuiltIn, ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';
import { revokeToken } from './revoke-token.js';

/** Takes tokens back. RFC 7009, AS-140 to AS-142. */
export const revocationEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'revocation',
      below: 'issuer',
      path: '/revoke',
      methods: ['POST'],
      content: 'form',
      cors: 'any-origin',
      metadata: (url) => ({ revocation_endpoint: url }),
      surface: (view) => clientEndpointSurface(context, view),
      handle: (request) => revoke(context, request),
    },
  ],
});

/** RFC 7009 §2.2: whatever became of the token, and whatever it was, the answer is the same. */
async function revoke(
  context: ServerContext,
  request: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const authenticated = await context.authenticateClient(request, 'revocation');
  if (!authenticated.ok) return authenticated;
  const { client, authentication } = authenticated.value;
  const [repeated] = request.parameters.repeated;
  if (repeated !== undefined) {
    return reject('revocation.repeated', 'THR-35', { actual: repeated });
  }
  const token = request.parameters.one('token');
  if (token === undefined) return reject('revocation.token', 'AS-140', { expected: 'token' });
  const spent = await context.spend(authentication.uses, request);
  if (!spent.ok) return spent;
  await revokeToken(context, token, client.id, request.now);
  return accept(emptyAnswer(200));
}
