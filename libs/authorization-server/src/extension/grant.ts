import type { Rejection, Result, Seconds, Thumbprint } from '@keybound/core';
import type { AccessTokenRecord } from '../storage/grant-records.js';
import type { AuthorizationDetail, ClaimsRequest } from './authorization-request.js';
import type { Login } from './login.js';
import type { Slots } from './record-slot.js';
import type { TokenBinding } from './token-binder.js';
import type { TokenRequest } from './token-request.js';

/** For whom tokens are: a user, as the host application knows it, or the client itself. */
export type TokenSubject =
  | { readonly kind: 'user'; readonly localSubject: string; readonly login: Login | undefined }
  | { readonly kind: 'client' };

/** What a grant allows, read without using it up. */
export interface PeekedGrant {
  /** Undefined where no record stands behind it (client credentials). */
  readonly grantId: string | undefined;
  readonly subject: TokenSubject;
  /** What may be issued at most. The request's `scope` and `resource` narrow it. */
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly claims: ClaimsRequest | undefined;
  readonly nonce: string | undefined;
  /** Seconds, where the authorization request had one: the ID token then says `auth_time` (AS-163). */
  readonly maxAge?: number;
  /** The only key that may redeem it: of `dpop_jkt` (DPOP-37), of a bound refresh token (DPOP-16). */
  readonly boundTo: Thumbprint | undefined;
  /** Once bound, always bound: no unbound token comes of it (AS-75). */
  readonly mustBeBound: boolean;
  /** The binding of the token before, kept where a refresh names no key (KD-21). */
  readonly previousBinding:
    Pick<TokenBinding, 'by' | 'cnf' | 'tokenType' | 'thumbprint'> | undefined;
  /** Nothing issued from it lives longer, in seconds. */
  readonly expiresAt: Seconds | undefined;
  /** Whether an ID token comes with it. */
  readonly idToken: boolean;
  readonly slots: Slots;
  /**
   * The one step that uses it up: a single transaction that consumes the grant and records what is
   * issued. Of any number of calls, on any number of machines, exactly one is accepted.
   */
  consume(issuance: Issuance): Promise<Result<ConsumedGrant, Rejection>>;
}

/** What is about to be issued; already signed, not yet handed out. */
export interface Issuance {
  readonly request: TokenRequest;
  readonly scopes: readonly string[];
  readonly binding: TokenBinding | undefined;
  /** The keys that the request proved: a public client's refresh token is bound to one (DPOP-16). */
  readonly provenKeys: readonly Thumbprint[];
  /** For reference tokens: what introspection will answer from. */
  readonly accessToken: AccessTokenRecord | undefined;
  readonly now: Seconds;
}

export interface ConsumedGrant {
  /** Issued, or the same as before. */
  readonly refreshToken: string | undefined;
}

/** A kind of grant, by its `grant_type`. */
export interface GrantType {
  readonly grantType: string;
  /** Whether public clients may use it. */
  readonly publicClients: boolean;
  /**
   * Reads what the request wants to exchange, and refuses what is not its client's, wrong or over.
   * Changes nothing, save a counter of wrong guesses.
   */
  peek(request: TokenRequest): Promise<Result<PeekedGrant, Rejection>>;
}
