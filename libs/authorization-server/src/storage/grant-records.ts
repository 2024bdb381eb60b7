import type { JsonObject, Seconds, Thumbprint } from '@keybound/core';
import type {
  AuthorizationDetail,
  AuthorizationRequest,
  ClaimsRequest,
} from '../extension/authorization-request.js';
import type { Login } from '../extension/login.js';
import type { Slots } from '../extension/record-slot.js';
import type { TokenBinding } from '../extension/token-binder.js';

/*
 * Records hold hashes of secrets, never the secrets: `hash` is base64url of the SHA-256 of the value
 * that the client or the browser holds, 43 characters in which case matters.
 *
 * Times are whole seconds of the caller's clock, which may differ between instances and step back. A
 * record is there while `now` is less than its end. What ended stays ten minutes more at least, in case
 * the clock does; then the store drops it by itself.
 *
 * What a client or a plug-in put into a record can be any JSON: `__proto__`, U+0000 and half a surrogate
 * pair too, so keep it as JSON text (PostgreSQL: `json` or `text`; `jsonb` takes neither of the two).
 * A member that is undefined may be left out.
 */

/** A pushed authorization request. RFC 9126 §2.2. Usable until the authorization completes (AS-34). */
export interface PushedRequestRecord {
  /** Of the request URI. */
  readonly hash: string;
  readonly clientId: string;
  readonly request: AuthorizationRequest;
  /** Until then an interaction may begin; what began may complete later. */
  readonly expiresAt: Seconds;
}

/** A request that waits for its user. AS-20. */
export interface InteractionRecord {
  /** Of the interaction's identifier. */
  readonly hash: string;
  /** Grows by one with every change; two answers at once, and the second is told so. */
  readonly version: number;
  /** Of the secret in the cookie of the browser that started it. */
  readonly browserHash: string;
  readonly request: AuthorizationRequest;
  /** The pushed request that it came from. Once that is used up, this is over too. */
  readonly pushedRequestHash: string | undefined;
  /** The session in the browser when it started, by its hash. */
  readonly sessionHash: string | undefined;
  /** What was answered so far. */
  readonly answered: InteractionProgress;
  readonly expiresAt: Seconds;
}

export interface InteractionProgress {
  readonly login: (Login & { readonly subject: string }) | undefined;
  readonly consent:
    | {
        readonly scopes: readonly string[];
        readonly authorizationDetails: readonly AuthorizationDetail[];
        readonly remember: boolean;
      }
    | undefined;
  readonly rejected: boolean;
  /** Of the ticket with which the browser comes back; undefined until all is answered. */
  readonly ticketHash: string | undefined;
}

/** What a user, or nobody, allowed a client: the family of everything that is issued from it. */
export interface GrantRecord {
  /** `grant_…`, at most 64 characters. */
  readonly id: string;
  /** At most 2,048 characters of printable ASCII: it may be a URL. */
  readonly clientId: string;
  readonly clientSource: string;
  /** As the host application knows the user; at most 255 characters of ASCII (AS-179). */
  readonly localSubject: string;
  readonly login: Login | undefined;
  /** Seconds, as the client asked: its ID tokens then say `auth_time` (AS-163). */
  readonly maxAge?: number;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly claims: ClaimsRequest | undefined;
  readonly slots: Slots;
  /** Survives logout (`offline_access`). */
  readonly offline: boolean;
  readonly createdAt: Seconds;
  /** Absolute: refresh tokens do not prolong it. */
  readonly expiresAt: Seconds;
  /** Undefined in what a store hands out: a revoked grant is not found. */
}

/** Something that is exchanged for tokens once: an authorization code, a pre-authorized or device code. */
export interface CodeRecord {
  /** Of the code. */
  readonly hash: string;
  /** Its `grant_type`, so that a code of one kind is none of another. */
  readonly kind: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly nonce: string | undefined;
  readonly dpopJkt: Thumbprint | undefined;
  readonly expiresAt: Seconds;
  /** Wrong guesses so far (AS-65). */
  readonly failures: number;
  /** Set once, by `redeemCode`. The record stays, so that a second use is recognised. */
  readonly redeemedAt: Seconds | undefined;
  readonly slots: Slots;
}

export interface RefreshTokenRecord {
  /** Of the token. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  /** Of the token that it replaced: the `hash` of the use that it came of. */
  readonly parentHash: string | undefined;
  /** The only key that may use it: of a public client (DPOP-16). */
  readonly boundTo: Thumbprint | undefined;
  /** The binding of the last access token, kept where a refresh names no key (KD-21). */
  readonly binding: Pick<TokenBinding, 'by' | 'cnf' | 'tokenType' | 'thumbprint'> | undefined;
  /** Whether an unbound access token may come of it. */
  readonly mustBeBound: boolean;
  readonly createdAt: Seconds;
  readonly lastUsedAt: Seconds;
  /** Without use, it ends here; retired or not, it is unknown from then on. */
  readonly idleExpiresAt: Seconds;
  /** When a successor first took its place, or a sibling was used; undefined while it is live. */
  readonly retiredAt: Seconds | undefined;
}

/** A reference token: what introspection answers from. */
export interface AccessTokenRecord {
  /** Of the token. */
  readonly hash: string;
  /** Unique; at most 64 characters. */
  readonly jti: string;
  readonly grantId: string | undefined;
  readonly clientId: string;
  readonly claims: JsonObject;
  readonly expiresAt: Seconds;
}

/** What a client is allowed without asking again. AS-25. */
export interface RememberedConsent {
  readonly localSubject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
  readonly claims: ClaimsRequest | undefined;
  readonly grantedAt: Seconds;
}

/** A grant as its user or an operator sees it. AS-276. */
export interface ListedGrant extends GrantRecord {
  /** Of its code or a refresh token; `createdAt` until then. */
  readonly lastUsedAt: Seconds;
}
