import type { JsonObject, Rejection, Result, Seconds } from '@keybound/core';
import type { Cnf } from '../confirmation/cnf-claim.js';

declare const verified: unique symbol;

/**
 * An access token of a trusted issuer, for this resource, in time. Not yet bound to anything: that a
 * sender may use it is for its confirmation to show. Made only by an `AccessTokenVerifier`.
 */
export interface VerifiedAccessToken {
  readonly [verified]: true;
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string | undefined;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: Seconds;
  readonly notBefore: Seconds | undefined;
  readonly claims: JsonObject;
  /** The `cnf` claim taken apart, or why it cannot be used. */
  readonly cnf: Result<Cnf, Rejection>;
}

/** Judges access tokens: JWTs by their issuer's keys, others by asking their issuer. */
export interface AccessTokenVerifier {
  /**
   * @param token As received.
   * @param hash  base64url of the SHA-256 of `token`.
   * @throws UpstreamError when the issuer cannot be asked for what is needed.
   */
  verify(
    token: string,
    hash: string,
    now: Seconds,
  ): Promise<Result<VerifiedAccessToken, Rejection>>;
}
