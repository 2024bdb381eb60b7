import { refuse, type Refused } from './result.js';

/** Error codes that reach a peer, as registered by the RFCs that define them. */
export type OAuthErrorCode =
  | 'invalid_request' // RFC 6750 §3.1, RFC 6749 §5.2
  | 'invalid_token' // RFC 6750 §3.1
  | 'insufficient_scope' // RFC 6750 §3.1
  | 'insufficient_user_authentication' // RFC 9470 §3
  | 'invalid_dpop_proof' // RFC 9449 §5, §7.1
  | 'use_dpop_nonce' // RFC 9449 §8, §9
  | 'temporarily_unavailable'; // RFC 6749 §4.1.2.1

/** What was expected and what came, for the audit log: never a secret, never sent unless `explain`. */
export interface RejectionDetail {
  readonly expected?: string;
  readonly actual?: string;
}

/** Why a request was refused. A value, never thrown. */
export interface Rejection {
  /** Ours and stable, e.g. `dpop.htu`. */
  readonly code: string;
  /** The requirement that was not met, e.g. `DPOP-09`. */
  readonly requirement: string;
  /** That requirement in a line. */
  readonly rule: string;
  /** What the peer is told; undefined where it is told nothing but the challenge (RFC 6750 §3.1). */
  readonly error: OAuthErrorCode | 'content_too_large' | undefined;
  readonly detail: RejectionDetail;
  /** What the peer needs to do better, beside the error in its challenge (RFC 9470 §3). */
  readonly remedy?: readonly (readonly [name: string, value: string])[];
}

/**
 * Makes the `reject` of one folder, typed by its refusal codes and its requirements, so that a
 * misspelt one does not compile.
 */
export function rejections<Code extends string, Requirement extends string>(
  errors: Readonly<Record<Code, Rejection['error']>>,
  requirements: Readonly<Record<Requirement, string>>,
): (code: Code, requirement: Requirement, detail?: RejectionDetail) => Refused<Rejection> {
  return (code, requirement, detail = {}) =>
    refuse({ code, requirement, rule: requirements[requirement], error: errors[code], detail });
}
