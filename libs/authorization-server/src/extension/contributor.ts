import type { JsonObject, Seconds } from '@keybound/core';
import type { Client } from './client.js';
import type { ClaimsRequest, AuthorizationDetail } from './authorization-request.js';
import type { TokenSubject } from './grant.js';
import type { Slots } from './record-slot.js';
import type { TokenBinding } from './token-binder.js';

/** What is known when tokens are made. */
export interface IssuingContext {
  readonly client: Client;
  readonly subject: TokenSubject;
  /** `sub` as this client knows it: pairwise perhaps. */
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly claims: ClaimsRequest | undefined;
  readonly binding: TokenBinding | undefined;
  readonly slots: Slots;
  readonly now: Seconds;
}

/**
 * What else goes into tokens, responses and metadata. Names that the server sets itself are refused
 * at start-up, and so are names that two contributors claim; one that was not declared is a fault.
 */
export interface Contributor {
  readonly name: string;
  readonly accessTokenClaims?: Contribution<IssuingContext>;
  readonly idTokenClaims?: Contribution<IssuingContext>;
  readonly userInfoClaims?: Contribution<UserInfoContext>;
  readonly tokenResponse?: Contribution<IssuingContext>;
  /** Members of the server's metadata, asked for once. */
  readonly metadata?: () => JsonObject;
}

export interface Contribution<Context> {
  readonly members: readonly string[];
  contribute(context: Context): Promise<JsonObject> | JsonObject;
}

/** Who asks for claims, and which. */
export interface UserInfoContext {
  readonly client: Client;
  readonly localSubject: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly claims: ClaimsRequest | undefined;
}
