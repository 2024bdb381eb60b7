import type { ErrorResponse, JsonObject, Rejection, Thumbprint } from '@keybound/core';
import type { PopMethod } from '../confirmation/pop-method.js';
import type { Covered } from '../confirmation/covered.js';

/** Who sent the request, with which key, and what the proof covered. */
export interface VerifiedPop {
  /** `sub` of the access token. */
  readonly subject: string;
  readonly clientId: string | undefined;
  readonly issuer: string;
  readonly scopes: ReadonlySet<string>;
  /** Every claim of the verified access token. */
  readonly claims: JsonObject;
  /** How the key was proven; undefined for an unbound token, and where a refusal is only reported. */
  readonly method: PopMethod | undefined;
  /** The proven key's RFC 7638 SHA-256 thumbprint. */
  readonly thumbprint: Thumbprint | undefined;
  /** What the proof vouches for; nothing else may be taken for vouched for. */
  readonly covered: Covered;
  /** Under `enforcement: 'report'`, what would have been refused. */
  readonly refusal: Rejection | undefined;
}

/** What a guard does next. */
export type PopDecision =
  | {
      readonly admitted: true;
      readonly pop: VerifiedPop;
      /** Fields for the answer, such as a fresh nonce. Names in lower case. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly admitted: false;
      readonly rejection: Rejection | undefined;
      readonly response: ErrorResponse;
    };
