import type { KeySource, SignatureAlgorithmName } from '@keybound/core';
import type { TokenStatus } from './token-status.js';

/** An authorization server whose access tokens are taken. */
export interface TrustedIssuer {
  /** Compared code point by code point with `iss`. */
  readonly issuer: string;
  readonly keys: KeySource;
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
  /**
   * `rfc9068` asks for `typ` `at+jwt` and every claim that RFC 9068 requires; `untyped` also takes
   * `typ` `JWT` or none and does not ask for `client_id` and `jti`, for issuers that predate it.
   */
  readonly tokens: 'rfc9068' | 'untyped';
  /** Asked about every verified token, with every request, where the issuer is in this process. */
  readonly status?: TokenStatus | undefined;
}
