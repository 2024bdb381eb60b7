import type { SignatureAlgorithmName } from '@keybound/core';

/** How long keys are shown before and after they sign. */
export interface KeyRotation {
  /** As long as verifiers may keep the set: `jwks_uri` says no more. */
  readonly publishAheadSeconds: number;
  /** The longest that something signed may be good for. */
  readonly retireAfterSeconds: number;
}

/** How the keys of a ring come and go. */
export interface RotationTerms extends KeyRotation {
  readonly algorithms: readonly SignatureAlgorithmName[];
  /** How long a generation signs; Infinity: until told otherwise. */
  readonly rotateEverySeconds: number;
  /** How long an instance may not know what another did; 0 where there is no other. */
  readonly refreshSeconds: number;
}
