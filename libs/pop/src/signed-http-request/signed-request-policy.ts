import type { MacAlgorithmName, NonceMode, SignatureAlgorithmName } from '@keybound/core';

/** What the operator decided about signed HTTP requests, already parsed. */
export interface SignedRequestPolicy {
  /** Published in challenges. */
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
  /** Empty where no symmetric key can be had; never published. */
  readonly macs: ReadonlySet<MacAlgorithmName>;
  /**
   * What becomes of a request under a symmetric key that carries neither `nonce` nor `jti` (CNF-10):
   * `remembered` takes it once, by its signed text, whatever `replay` says.
   */
  readonly unidentifiedMacs: 'refused' | 'remembered';
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
  readonly profile: SignedRequestProfile;
}

/** Where deployed signers differ from the draft, and what to make of it. Digest §1.7. */
export interface SignedRequestProfile {
  /** CNF-07: `cnf.kid` may be the thumbprint of a key that the request itself carries. */
  readonly cnfReference: boolean;
  /** `lenient` ignores letter case and slashes at both ends, as MSAL sends a path of its own making. */
  readonly pathComparison: 'exact' | 'lenient';
  /** `ignored` passes over a `q` that lists no name, as MSAL sends it with the query for a hash. */
  readonly emptyQueryList: 'verified' | 'ignored';
  /** How `Authentication-Info` hands out a nonce: MSAL .NET finds it behind the scheme's name only. */
  readonly nextNonce: 'plain' | 'after-scheme';
}

export const standardProfile: SignedRequestProfile = {
  cnfReference: false,
  pathComparison: 'exact',
  emptyQueryList: 'verified',
  nextNonce: 'plain',
};

export const microsoftProfile: SignedRequestProfile = {
  cnfReference: true,
  pathComparison: 'lenient',
  emptyQueryList: 'ignored',
  nextNonce: 'after-scheme',
};

export type SignedRequestMember = 'ts' | 'm' | 'u' | 'p' | 'q' | 'h' | 'b' | 'nonce';
export type SignedRequestTransport = 'header' | 'form' | 'query';
