import type {
  HttpRequestView,
  Rejection,
  Result,
  Seconds,
  Spend,
  Thumbprint,
} from '@keybound/core';
import type { Presented } from '../presentation/presentation.js';
import type { Covered } from './covered.js';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import type { Cnf, CnfMember } from './cnf-claim.js';
import type { Coverage } from './coverage.js';
import type { PopMethod } from './pop-method.js';

/**
 * One way to prove a confirmation. A registry of them decides which `cnf` members can be enforced;
 * how the token arrived is another matter (`Presentation`).
 */
export interface Confirmation {
  readonly method: PopMethod;
  /** The members it can prove. */
  readonly cnfMembers: readonly CnfMember[];
  /**
   * Proves the members it knows.
   *
   * @returns Undefined when the request holds nothing that this method could check.
   * @throws UpstreamError when something that it needs cannot be fetched.
   */
  check(evidence: Evidence, now: Seconds): Promise<Result<Confirmed, Rejection>> | undefined;
}

/** Everything that a confirmation may look at. */
export interface Evidence {
  readonly request: HttpRequestView;
  readonly presented: Presented;
  /** Verified: issuer, audience and time are checked. */
  readonly token: VerifiedAccessToken;
  readonly cnf: Cnf;
  readonly coverage: Coverage;
}

/** What was proven. */
export interface Confirmed {
  readonly method: PopMethod;
  readonly proves: readonly CnfMember[];
  readonly thumbprint: Thumbprint;
  readonly covered: Covered;
  /** What a success uses up; claimed by the endpoint, last of all. */
  readonly spends: readonly Spend[];
  /** A nonce to hand out with the answer. */
  readonly nextNonce: string | undefined;
}
