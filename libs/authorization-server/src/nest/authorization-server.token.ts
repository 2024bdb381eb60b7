import type { AuthorizationServer as AuthorizationServerPort } from '../server/authorization-server.js';

/**
 * Token of the authorization server that `AuthorizationServerModule` builds. It may be injected
 * anywhere and passed on; it answers once the module has started, when all plug-ins are there.
 */
export const AuthorizationServer = Symbol('AuthorizationServer');
export type AuthorizationServer = AuthorizationServerPort;
