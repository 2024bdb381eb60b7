import type {
  JsonObject,
  JsonValue,
  KeySource,
  Rejection,
  Result,
  Seconds,
  SignatureAlgorithmName,
} from '@keybound/core';

/** What a client said about itself when it was registered, parsed. RFC 7591 §2, OpenID Connect Registration §2. */
export interface ClientMetadata {
  readonly redirect_uris: readonly string[];
  readonly response_types: readonly string[];
  readonly grant_types: readonly string[];
  readonly application_type: 'web' | 'native';
  readonly token_endpoint_auth_method: string;
  readonly token_endpoint_auth_signing_alg?: SignatureAlgorithmName;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly logo_uri?: string;
  readonly policy_uri?: string;
  readonly tos_uri?: string;
  readonly contacts?: readonly string[];
  /** Space-separated; every scope of the server where absent. */
  readonly scope?: string;
  readonly jwks?: JsonObject;
  readonly jwks_uri?: string;
  readonly software_id?: string;
  readonly software_version?: string;
  readonly software_statement?: string;
  readonly subject_type: 'public' | 'pairwise';
  readonly sector_identifier_uri?: string;
  readonly id_token_signed_response_alg: SignatureAlgorithmName;
  readonly userinfo_signed_response_alg?: SignatureAlgorithmName;
  readonly introspection_signed_response_alg?: SignatureAlgorithmName;
  readonly request_object_signing_alg?: SignatureAlgorithmName;
  readonly require_signed_request_object: boolean;
  readonly require_pushed_authorization_requests: boolean;
  readonly default_max_age?: number;
  readonly require_auth_time: boolean;
  readonly default_acr_values?: readonly string[];
  readonly initiate_login_uri?: string;
  readonly post_logout_redirect_uris?: readonly string[];
  readonly authorization_details_types?: readonly string[];
  /** RFC 9449 §5.2. True makes every token request need a proof. */
  readonly dpop_bound_access_tokens: boolean;
  /** Our own name (KD-02): the client always asks for `pop` tokens, and says so once. */
  readonly pop_bound_access_tokens: boolean;
  /** Members of extensions, each parsed by the schema that its plug-in registered. */
  readonly extensions: Readonly<Record<string, JsonValue>>;
}

/** A shared secret, as it is kept: never itself. */
export interface ClientSecret {
  /** base64url of the SHA-256 of the secret, which has at least 256 random bits (AS-82). */
  readonly hash: string;
  /** Seconds; undefined for one that does not expire. */
  readonly expiresAt: Seconds | undefined;
}

/** A client that was found, by whichever resolver. That somebody speaks for it is yet to be shown. */
export interface Client {
  readonly id: string;
  readonly metadata: ClientMetadata;
  /** Its public keys, from `jwks`, `jwks_uri` or whoever vouches for it. */
  readonly keys: KeySource | undefined;
  readonly secrets: readonly ClientSecret[];
  /** The resolver that found it; kept with grants, since one identifier resolves one way only. */
  readonly source: string;
  /** Until when it is trusted, in seconds: nothing that is issued to it lives longer. */
  readonly expiresAt: Seconds | undefined;
  readonly obligations: ClientObligations;
  /**
   * `first-party` is trusted by configuration; `unverified` registered itself, and nobody looked: its
   * errors are not redirected where no user is logged in (AS-19), and users are told.
   */
  readonly standing: 'first-party' | 'verified' | 'unverified';
  /** What an operator lets this client do without; each is off unless named. */
  readonly relaxations: ReadonlySet<ClientRelaxation>;
}

/** What whoever vouches for a client demands of it, beyond its own metadata. */
export interface ClientObligations {
  /** Authorization requests must be signed. */
  readonly signedRequestObject?: true;
  /** Authorization requests must be pushed. */
  readonly pushedRequest?: true;
  /** The only methods by which it may authenticate. */
  readonly authenticationMethods?: readonly string[];
}

/** Named loosenings of one check each (AS digest §0), for one client, by the operator only. */
export type ClientRelaxation =
  /** AS-10: a code without PKCE. */
  | 'optional-pkce'
  /** AS-77: an access token that is bound to no key. */
  | 'unbound-access-tokens'
  /** AS-88: an assertion whose `aud` is the token endpoint. */
  | 'legacy-token-endpoint-audience'
  /** AS-178: a refresh token without `offline_access` and `prompt=consent`. */
  | 'refresh-without-offline-access';

/** What a resolver may look at, and how much it may spend. */
export interface ClientResolution {
  /** The endpoint that asks, by name. */
  readonly endpoint: string;
  /** The header of a signed object that came along, for trust chains. Nobody vouches for it. */
  readonly unverifiedHeader: JsonObject | undefined;
  readonly now: Seconds;
}

/** Finds clients. Asked in order of registration; the first that knows an identifier answers for it. */
export interface ClientResolver {
  readonly name: string;
  /**
   * @returns undefined for an identifier that is none of its business; a refusal ends the search.
   * @throws StoreUnavailableError, UpstreamError
   */
  resolve(
    clientId: string,
    resolution: ClientResolution,
  ): Promise<Result<Client, Rejection> | undefined>;
}
