import type { JsonObject, JsonValue, Rejection, Result, Thumbprint } from '@keybound/core';
import type { SingleUse } from './single-use.js';
import type { TokenRequest } from './token-request.js';

/** The key that a token will be bound to. RFC 7800 §3. */
export interface TokenBinding {
  /** Of the binder. */
  readonly by: string;
  /** The `cnf` claim, e.g. `{ jkt }`. */
  readonly cnf: JsonObject;
  /** As in the response: `DPoP`, `pop`, `Bearer` (mTLS). */
  readonly tokenType: string;
  /** Of the key; undefined for a symmetric one, which nobody had before. */
  readonly thumbprint: Thumbprint | undefined;
  /**
   * `proven`: the request itself shows possession. `asked`: the client named the key, and possession
   * is shown when the token is used. `asked-needs-proof`: another binder or the client's
   * authentication must prove the same key in this request (KD-16).
   */
  readonly possession: 'proven' | 'asked' | 'asked-needs-proof';
  /** What the response says of the key: `alg`, `key`, `cnf`. */
  readonly responseMembers: Readonly<Record<string, JsonValue>>;
  readonly uses: readonly SingleUse[];
  /** Fields of the answer, e.g. a fresh `DPoP-Nonce`. Names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** What a binder must know of the token that is to be. */
export interface BindingContext {
  /** Resources that the token will be for. One, unless the server issues to several. */
  readonly audiences: readonly string[];
  /** Of the grant's last token: it is kept where a refresh names no key (KD-21). */
  readonly previousBinding?:
    Pick<TokenBinding, 'by' | 'cnf' | 'tokenType' | 'thumbprint'> | undefined;
}

/**
 * Finds the key that a request wants its token bound to.
 *
 * Several may find one. Where a client named its key in so many words (`asked…`), that binding
 * stands, and every proven key of the request must be the same; otherwise the proven one stands.
 */
export interface TokenBinder {
  readonly name: string;
  /** The token types that it makes, for the metadata (OIDC-15). */
  readonly tokenTypes: readonly string[];
  readonly metadata?: JsonObject;
  /** Undefined where the request asks for nothing of its kind. Keeps no state. */
  bind(
    request: TokenRequest,
    context: BindingContext,
  ): Promise<Result<TokenBinding | undefined, Rejection>>;
}
