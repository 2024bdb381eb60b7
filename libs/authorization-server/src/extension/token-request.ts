import type { AuthenticatedClient } from './client-authentication.js';
import type { EndpointRequest } from './endpoint.js';

/** A token request whose client has authenticated. Nothing of it is spent yet. */
export interface TokenRequest extends EndpointRequest, AuthenticatedClient {
  readonly grantType: string;
}
