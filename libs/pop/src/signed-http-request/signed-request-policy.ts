import type { NonceMode, SignatureAlgorithmName } from '@keybound/core';

/** What the operator decided about signed HTTP requests, already parsed. */
export interface SignedRequestPolicy {
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
  /** Members that must be there; `at` always must. */
  readonly require: ReadonlySet<SignedRequestMember>;
  readonly requireBody: 'never' | 'when-present' | 'always';
  /** A request may be this old, in seconds; both edges are accepted. */
  readonly maxAgeSeconds: number;
  /** A request may be dated this far ahead, in seconds. */
  readonly futureSkewSeconds: number;
  readonly transports: ReadonlySet<SignedRequestTransport>;
  readonly rejectUnsignedQuery: boolean;
  /** Header names, lower case, that must be covered. */
  readonly requiredHeaders: readonly string[];
  /** Whether `u` without a port is accepted for the default port only. */
  readonly requirePort: boolean;
  /** `strict` remembers also requests that carry neither `nonce` nor `jti`. */
  readonly replay: 'when-identified' | 'strict';
  readonly nonces: NonceMode;
}

export type SignedRequestMember = 'ts' | 'm' | 'u' | 'p' | 'q' | 'h' | 'b' | 'nonce';
export type SignedRequestTransport = 'header' | 'form' | 'query';
