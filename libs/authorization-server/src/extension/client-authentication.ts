import type { JsonObject, JsonValue, Rejection, Result, Thumbprint } from '@keybound/core';
import type { Client } from './client.js';
import type { EndpointRequest } from './endpoint.js';
import type { SingleUse } from './single-use.js';

/** One way in which a client shows who it is. RFC 6749 §2.3. */
export interface ClientAuthenticationMethod {
  /** As in `token_endpoint_auth_method`. */
  readonly name: string;
  /** Members that it adds to the server's metadata. */
  readonly metadata?: JsonObject;
  /**
   * Whether the request carries this kind of credential, and for whom it claims to be. Looks at its
   * shape only; malformed is a refusal, absent is undefined.
   */
  detect(request: EndpointRequest): Result<ClaimedIdentity, Rejection> | undefined;
  /** Checks the credential against the client that was found. Keeps no state. */
  authenticate(
    client: Client,
    request: EndpointRequest,
  ): Promise<Result<ClientAuthentication, Rejection>>;
}

export interface ClaimedIdentity {
  readonly clientId: string;
  /** The header of the signed object that names the client, for resolvers. */
  readonly unverifiedHeader?: JsonObject;
}

/** Who is calling, and what was shown. */
export interface ClientAuthentication {
  readonly method: string;
  /** False for `none`: a public client. */
  readonly confidential: boolean;
  /** Keys whose possession was proven on the way: the assertion's, the instance's. KD-16. */
  readonly provenKeys: readonly Thumbprint[];
  readonly uses: readonly SingleUse[];
  /** What a policy or a later step may rely on, by the name of the plug-in that vouches for it. */
  readonly facts: Readonly<Record<string, JsonValue>>;
}

/** A client that authenticated, or one that cannot and need not. */
export interface AuthenticatedClient {
  readonly client: Client;
  readonly authentication: ClientAuthentication;
}
