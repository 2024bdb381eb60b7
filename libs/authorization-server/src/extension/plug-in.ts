import type {
  AuditLog,
  authorizationServerPlugIn,
  Clock,
  OutgoingHttp,
  Rejection,
  ReplayStore,
  Result,
} from '@keybound/core';
import type {
  AuthorizationDetailsType,
  AuthorizationRequestValidator,
} from './authorization-request.js';
import type { AuthenticatedClient, ClientAuthenticationMethod } from './client-authentication.js';
import type { Client, ClientResolution, ClientResolver } from './client.js';
import type { Contributor } from './contributor.js';
import type { Endpoint, EndpointRequest } from './endpoint.js';
import type { GrantType } from './grant.js';
import type { RecordSlot } from './record-slot.js';
import type { SingleUse } from './single-use.js';
import type { TokenBinder } from './token-binder.js';
import type { AuthorizationServerStores } from '../storage/stores.js';
import type { SigningKeys } from '../keys/signing-keys.js';

/** What a plug-in adds. The server's own features are plug-ins of the same shape. */
export interface Extensions {
  readonly clientResolvers?: readonly ClientResolver[];
  readonly clientAuthenticationMethods?: readonly ClientAuthenticationMethod[];
  readonly grantTypes?: readonly GrantType[];
  readonly tokenBinders?: readonly TokenBinder[];
  readonly contributors?: readonly Contributor[];
  readonly authorizationRequestValidators?: readonly AuthorizationRequestValidator[];
  readonly authorizationDetailsTypes?: readonly AuthorizationDetailsType[];
  readonly endpoints?: readonly Endpoint[];
  readonly recordSlots?: readonly RecordSlot[];
  /** What has to be ready before the first request. Where it fails, the server does not start. */
  readonly start?: () => Promise<void>;
}

/** What the server offers to its plug-ins. */
export interface AuthorizationServerServices {
  /** Verbatim, as it stands in `iss`. */
  readonly issuer: string;
  /** The public URL of a path below the issuer. */
  urlOf(path: string): string;
  readonly deployment: 'production' | 'development';
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly http: OutgoingHttp;
  readonly stores: AuthorizationServerStores;
  readonly replay: ReplayStore;
  readonly keys: SigningKeys;
  /** Asks the resolvers in order; an identifier that none knows is refused with `invalid_client`. */
  resolveClient(clientId: string, resolution: ClientResolution): Promise<Result<Client, Rejection>>;
  /** AS-80, AS-81: exactly one method, the registered one. */
  authenticateClient(
    request: EndpointRequest,
    endpoint: string,
  ): Promise<Result<AuthenticatedClient, Rejection>>;
  /** Claims all or none; a replay is refused as each use says. The last step before a change of state. */
  spend(
    uses: readonly SingleUse[],
    request: EndpointRequest,
  ): Promise<Result<undefined, Rejection>>;
}

/**
 * Adds to an authorization server. In Nest a provider; the module finds it by its mark and refuses
 * two that add the same.
 */
export interface AuthorizationServerPlugIn {
  readonly [authorizationServerPlugIn]: true;
  /** Unique. */
  readonly name: string;
  extend(services: AuthorizationServerServices): Extensions;
}
