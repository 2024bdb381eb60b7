import type { NonceMode } from '@keybound/core';
import type { DpopPolicy } from '@keybound/pop';
import type {
  AuthorizationDetailsType,
  AuthorizationRequestValidator,
} from '../extension/authorization-request.js';
import type { ClientAuthenticationMethod } from '../extension/client-authentication.js';
import type { ClientResolver } from '../extension/client.js';
import type { Contributor } from '../extension/contributor.js';
import type { Endpoint } from '../extension/endpoint.js';
import type { GrantType } from '../extension/grant.js';
import type { AuthorizationServerServices, Extensions } from '../extension/plug-in.js';
import type { RecordSlot } from '../extension/record-slot.js';
import type { TokenBinder } from '../extension/token-binder.js';
import type { ResourceDirectory } from '../issuing/resource-directory.js';
import type { Accounts } from './accounts.js';
import type { AuthorizationServerConfiguration } from './options.schema.js';

/** Everything that was plugged in, without duplicates. */
export interface AssembledExtensions {
  readonly clientResolvers: readonly ClientResolver[];
  readonly clientAuthenticationMethods: ReadonlyMap<string, ClientAuthenticationMethod>;
  readonly grantTypes: ReadonlyMap<string, GrantType>;
  readonly tokenBinders: readonly TokenBinder[];
  readonly contributors: readonly Contributor[];
  readonly authorizationRequestValidators: readonly AuthorizationRequestValidator[];
  readonly authorizationDetailsTypes: ReadonlyMap<string, AuthorizationDetailsType>;
  readonly endpoints: readonly Endpoint[];
  readonly recordSlots: ReadonlyMap<string, RecordSlot>;
}

/** What the server's own features see beyond what plug-ins do. */
export interface ServerContext extends AuthorizationServerServices {
  readonly configuration: AuthorizationServerConfiguration;
  readonly accounts: Accounts;
  readonly resources: ResourceDirectory;
  /** Complete once the server is built: read it when a request is handled, not before. */
  readonly extensions: AssembledExtensions;
  /** Undefined where DPoP is off. */
  readonly dpop: DpopPolicy | undefined;
  readonly nonces: NonceMode;
}

/** A feature of the server itself. */
export type BuiltIn = (context: ServerContext) => Extensions;
