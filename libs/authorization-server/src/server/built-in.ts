import { authorizationEndpoint } from '../authorization/authorization-endpoint.js';
import { dpopBinding } from '../binding/dpop/dpop-binding.js';
import { keyDistribution } from '../binding/key-distribution/key-distribution.js';
import { clientAuthenticationMethods } from '../client-authentication/client-authentication-methods.js';
import { clientResolvers } from '../client/client-resolvers.js';
import { authorizationCodeGrant } from '../grants/authorization-code/authorization-code-grant.js';
import { clientCredentialsGrant } from '../grants/client-credentials/client-credentials-grant.js';
import { refreshTokenGrant } from '../grants/refresh-token/refresh-token-grant.js';
import { returnEndpoint } from '../interaction/return-endpoint.js';
import { introspectionEndpoint } from '../introspection/introspection-endpoint.js';
import { keysEndpoint } from '../keys/keys-endpoint.js';
import { metadataEndpoints } from '../metadata/metadata-endpoints.js';
import { pushedRequestEndpoint } from '../pushed-request/pushed-request-endpoint.js';
import { registrationEndpoints } from '../registration/registration-endpoints.js';
import { revocationEndpoint } from '../revocation/revocation-endpoint.js';
import { tokenEndpoint } from '../token/token-endpoint.js';
import { userInfoEndpoint } from '../user-info/user-info-endpoint.js';
import { webFingerEndpoint } from '../webfinger/webfinger-endpoint.js';
import type { BuiltIn } from './server-context.js';

/** The server's own features, by name. They have the shape of plug-ins, and come before them. */
export const builtIn: Readonly<Record<string, BuiltIn>> = {
  clients: clientResolvers,
  'client authentication': clientAuthenticationMethods,
  metadata: metadataEndpoints,
  keys: keysEndpoint,
  WebFinger: webFingerEndpoint,
  registration: registrationEndpoints,
  'pushed requests': pushedRequestEndpoint,
  authorization: authorizationEndpoint,
  interaction: returnEndpoint,
  token: tokenEndpoint,
  'authorization code': authorizationCodeGrant,
  'refresh token': refreshTokenGrant,
  'client credentials': clientCredentialsGrant,
  'key distribution': keyDistribution,
  DPoP: dpopBinding,
  UserInfo: userInfoEndpoint,
  introspection: introspectionEndpoint,
  revocation: revocationEndpoint,
};
