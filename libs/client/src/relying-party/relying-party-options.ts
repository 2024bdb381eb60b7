import type { Clock } from '@keybound/core';
import type { ClientAuth } from 'openid-client';
import type { ResourceKeys } from '../key-store/resource-keys.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';

/**
 * How a token is asked for, and then proven at resources.
 *
 * `dpop`: RFC 9449. `kd-01` and `kd-07`: PoP key distribution, draft-ietf-oauth-pop-key-distribution
 * -01 (`key`) and -07 (`req_cnf`), with signed HTTP requests.
 */
export type Binding = 'dpop' | 'kd-01' | 'kd-07';

export interface RelyingPartyOptions {
  /** Verbatim, from `findIssuer` or configuration. */
  readonly issuer: string;
  readonly binding: Binding;
  readonly keys: ResourceKeys;
  /** Where users come back to. */
  readonly redirectUri: string;
  /** Makes the requests. */
  readonly fetch: Fetch;
  /** Whether an issuer on this machine may be http, for development. Default `never`. */
  readonly allowHttp?: 'never' | 'loopback';
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** A client that is registered already. */
export interface KnownClient {
  readonly clientId: string;
  /** How it authenticates; `None()` of `openid-client` for a public client. */
  readonly authentication: ClientAuth;
  /** RFC 7591 metadata that responses are judged by: the algorithms it registered. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

/** What must be remembered between sending a user away and their coming back; JSON throughout. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly resource: string | undefined;
}

/** A token that is bound to a key of ours, and what came with it; JSON throughout. */
export interface BoundTokens {
  readonly accessToken: string;
  readonly tokenType: 'DPoP' | 'pop';
  /** Names the key in the key store, together with the issuer. */
  readonly keyName: string;
  readonly refreshToken: string | undefined;
  /** Seconds since 1970, by this client's clock. */
  readonly expiresAt: number | undefined;
  readonly scope: string | undefined;
  /** The user, as the ID token names them; undefined without one. */
  readonly subject: string | undefined;
  /** When the user logged in, as the ID token says; seconds since 1970. */
  readonly authenticatedAt: number | undefined;
}
