import type { BuiltIn } from '../server/server-context.js';
import { clientSecretBasic } from './client-secret-basic.js';
import { clientSecretPost } from './client-secret-post.js';
import { noClientAuthentication } from './no-client-authentication.js';
import { privateKeyJwt } from './private-key-jwt.js';

/** The methods of the server itself. Others are plugged in. AS-82 to AS-90. */
export const clientAuthenticationMethods: BuiltIn = (context) => ({
  clientAuthenticationMethods: [
    clientSecretBasic(),
    clientSecretPost,
    privateKeyJwt(context),
    noClientAuthentication,
  ],
});
