import type { JsonObject, Rejection, Result, Thumbprint } from '@keybound/core';
import type { Client } from './client.js';
import type { EndpointRequest } from './endpoint.js';
import type { Parameters } from './parameters.js';
import type { Slots } from './record-slot.js';

export type ResponseMode = 'query' | 'form_post';

/** One entry of `authorization_details`. RFC 9396 §2. */
export type AuthorizationDetail = JsonObject & { readonly type: string };

/** The `claims` parameter, parsed. OpenID Connect Core §5.5. */
export interface ClaimsRequest {
  readonly userinfo: Readonly<Record<string, ClaimRequest>>;
  readonly id_token: Readonly<Record<string, ClaimRequest>>;
}

export interface ClaimRequest {
  readonly essential: boolean;
  readonly values: readonly (string | number | boolean)[] | undefined;
}

/** An authorization request in which everything was checked. It is kept as it is; never read again from a query. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly clientSource: string;
  /** As registered, character by character (or with the port of a loopback redirect). */
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  /** S256, 43 characters; undefined only where PKCE was made optional. */
  readonly codeChallenge: string | undefined;
  /** Known, registered for the client, without duplicates. */
  readonly scopes: readonly string[];
  /** RFC 8707, absolute URIs that the server knows. */
  readonly resources: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly claims: ClaimsRequest | undefined;
  readonly prompt: readonly Prompt[] | undefined;
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly acrValues: readonly string[];
  readonly idTokenHint: { readonly subject: string } | undefined;
  readonly loginHint: string | undefined;
  readonly uiLocales: readonly string[];
  readonly display: string | undefined;
  /** RFC 9449 §10: the key that the code is bound to. */
  readonly dpopJkt: Thumbprint | undefined;
  /** How it came. */
  readonly pushed: boolean;
  readonly signed: boolean;
  readonly slots: Slots;
}

export type Prompt = 'none' | 'login' | 'consent' | 'select_account' | 'create';

/** What a validator looks at. */
export interface AuthorizationRequestDraft {
  readonly client: Client;
  /** The effective parameters: of the request object or the pushed request, where there is one. */
  readonly parameters: Parameters;
  readonly request: AuthorizationRequest;
  /** The HTTP request that carried them, at PAR or at the authorization endpoint. */
  readonly http: EndpointRequest;
  readonly endpoint: 'authorization' | 'pushed_authorization_request';
}

/** Judges an authorization request beyond what every request must satisfy; may fill its slots. */
export interface AuthorizationRequestValidator {
  readonly name: string;
  /** Names of the parameters that it reads, each of which may then come only once (AS-02). */
  readonly parameters?: readonly string[];
  validate(draft: AuthorizationRequestDraft): Promise<Result<Slots, Rejection>>;
}

/** A type of `authorization_details` that the server knows. RFC 9396 §5, §10. */
export interface AuthorizationDetailsType {
  readonly type: string;
  /** The entry as it will be kept, enriched perhaps; undefined for one that is not of this type's shape. */
  parse(detail: AuthorizationDetail, client: Client): AuthorizationDetail | undefined;
  /** RFC 9396 §6: whether `requested` asks for no more than `granted`. */
  isWithin(requested: AuthorizationDetail, granted: AuthorizationDetail): boolean;
  /** The resources to which an entry belongs in a token; every one where absent. */
  audienceOf?(detail: AuthorizationDetail): readonly string[];
}
