import type { Thumbprint } from '@keybound/core';
import type { AuthorizationRequestDraft } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { Parameters } from '../extension/parameters.js';

/** An authorization request as it came in, of a client that is known but, here, not yet believed. */
export interface IncomingRequest {
  readonly client: Client;
  readonly http: EndpointRequest;
  readonly endpoint: AuthorizationRequestDraft['endpoint'];
  /** Of the DPoP proof that came along (RFC 9449 §10.1). */
  readonly provenKey: Thumbprint | undefined;
}

/** The same, with the parameters that count: those of its request object, where it has one. */
export interface EffectiveRequest extends IncomingRequest {
  readonly parameters: Parameters;
  readonly signed: boolean;
}
