export type {
  AuthorizationDetail,
  AuthorizationDetailsType,
  AuthorizationRequest,
  AuthorizationRequestDraft,
  AuthorizationRequestValidator,
  ClaimRequest,
  ClaimsRequest,
  Prompt,
  ResponseMode,
} from './authorization-request.js';
export type {
  AuthenticatedClient,
  ClaimedIdentity,
  ClientAuthentication,
  ClientAuthenticationMethod,
} from './client-authentication.js';
export type {
  Client,
  ClientMetadata,
  ClientObligations,
  ClientRelaxation,
  ClientResolution,
  ClientResolver,
  ClientSecret,
} from './client.js';
export type { Contribution, Contributor, IssuingContext, UserInfoContext } from './contributor.js';
export type {
  Endpoint,
  EndpointAnswer,
  EndpointMethod,
  EndpointRequest,
  EndpointSurface,
} from './endpoint.js';
export type { ConsumedGrant, GrantType, Issuance, PeekedGrant, TokenSubject } from './grant.js';
export type {
  InteractionAnswer,
  InteractionClient,
  InteractionDetails,
  InteractionNext,
  InteractionReason,
  Interactions,
} from './interaction.js';
export type { Login } from './login.js';
export type { Parameters } from './parameters.js';
export type {
  AuthorizationServerPlugIn,
  AuthorizationServerServices,
  Extensions,
} from './plug-in.js';
export type { RecordSlot, Slots } from './record-slot.js';
export type { SingleUse } from './single-use.js';
export type { BindingContext, TokenBinder, TokenBinding } from './token-binder.js';
export type { TokenRequest } from './token-request.js';
export type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  RefreshTokenRecord,
} from '../storage/grant-records.js';
export type { GrantStore } from '../storage/grant-store.js';
export type { ClientRecord, ClientStore } from '../storage/client-store.js';
export type { SessionRecord, SessionStore } from '../storage/session-store.js';
export type { CounterStore } from '../storage/counter-store.js';
export type { AuthorizationServerStores } from '../storage/stores.js';
export type { SigningKeys } from '../keys/signing-keys.js';
