import { accept, type JsonObject, type Rejection, type Result } from '@keybound/core';
import { clientEndpointSurface } from '../client-authentication/endpoint-surface.js';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { BuiltIn, ServerContext } from '../server/server-context.js';
import { accessTokenAnswer } from './access-token-answer.js';
import { introspectionAnswer } from './introspection-answer.js';
import { findOwnAccessToken } from './own-access-token.js';
import { refreshTokenAnswer } from './refresh-token-answer.js';
import { reject } from './rejections.js';
import { TokenVisibility } from './token-visibility.js';

/** Tells those who may know whether a token is good. RFC 7662, AS-143 to AS-146. */
export const introspectionEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'introspection',
      below: 'issuer',
      path: '/introspect',
      methods: ['POST'],
      content: 'form',
      cors: 'none',
      metadata: (url) => ({ introspection_endpoint: url }),
      surface: (view) => clientEndpointSurface(context, view),
      handle: introspecting(context),
    },
  ],
});

function introspecting(context: ServerContext) {
  const visibility = new TokenVisibility(context);

  /** RFC 7662 §2.2: not active says nothing more, so that nobody learns why. THR-43. */
  async function answerFor(client: Client, token: string, request: EndpointRequest) {
    const inactive: JsonObject = { active: false };
    const accessToken = await findOwnAccessToken(context, token, request.now);
    if (accessToken === undefined) {
      return (await refreshTokenAnswer(context, token, client, request.now)) ?? inactive;
    }
    const view = visibility.of(accessToken, client.id);
    return view === undefined ? inactive : accessTokenAnswer(accessToken, view);
  }

  return async (request: EndpointRequest): Promise<Result<EndpointAnswer, Rejection>> => {
    const authenticated = await context.authenticateClient(request, 'introspection');
    if (!authenticated.ok) return authenticated;
    const { client, authentication } = authenticated.value;
    if (!authentication.confidential) return reject('introspection.public_client', 'AS-143');
    const [repeated] = request.parameters.repeated;
    if (repeated !== undefined) {
      return reject('introspection.repeated', 'THR-35', { actual: repeated });
    }
    const token = request.parameters.one('token');
    if (token === undefined) return reject('introspection.token', 'AS-143', { expected: 'token' });
    const spent = await context.spend(authentication.uses, request);
    if (!spent.ok) return spent;
    const answer = await answerFor(client, token, request);
    return accept(await introspectionAnswer(context, client, request, answer));
  };
}
