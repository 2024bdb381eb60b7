import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';

/** A request that is as it should be, and the browser that brought it. */
export interface ReadyAuthorization {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  readonly http: EndpointRequest;
  /** The pushed request that it came from. */
  readonly pushedRequestHash: string | undefined;
}
