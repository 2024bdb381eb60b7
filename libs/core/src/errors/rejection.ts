import { refuse, type Refused } from './result.js';

/** Error codes that reach a peer, as registered by the RFCs that define them. */
export type OAuthErrorCode =
  | 'invalid_request' // RFC 6750 §3.1, RFC 6749 §5.2
  | 'invalid_token' // RFC 6750 §3.1
  | 'insufficient_scope' // RFC 6750 §3.1
  | 'insufficient_user_authentication' // RFC 9470 §3
  | 'invalid_dpop_proof' // RFC 9449 §5, §7.1
  | 'use_dpop_nonce' // RFC 9449 §8, §9
  | 'temporarily_unavailable' // RFC 6749 §4.1.2.1
  | EndpointErrorCode;

/** Those that only an authorization server says. */
export type EndpointErrorCode =
  | 'invalid_client' // RFC 6749 §5.2
  | 'invalid_grant' // RFC 6749 §5.2
  | 'unauthorized_client' // RFC 6749 §5.2
  | 'unsupported_grant_type' // RFC 6749 §5.2
  | 'invalid_scope' // RFC 6749 §5.2
  | 'unsupported_response_type' // RFC 6749 §4.1.2.1
  | 'access_denied' // RFC 6749 §4.1.2.1
  | 'server_error' // RFC 6749 §4.1.2.1
  | 'invalid_target' // RFC 8707 §2
  | 'invalid_authorization_details' // RFC 9396 §5
  | 'unsupported_pop_key' // RFC 9200 §5.8.3
  | 'unsupported_token_type' // RFC 7009 §2.2.1
  | 'login_required' // OpenID Connect Core §3.1.2.6
  | 'consent_required' // OpenID Connect Core §3.1.2.6
  | 'account_selection_required' // OpenID Connect Core §3.1.2.6
  | 'interaction_required' // OpenID Connect Core §3.1.2.6
  | 'unmet_authentication_requirements' // OpenID Connect Unmet Authentication Requirements 1.0
  | 'invalid_request_uri' // RFC 9101 §7
  | 'invalid_request_object' // RFC 9101 §7
  | 'request_not_supported' // RFC 9101 §7
  | 'request_uri_not_supported' // RFC 9101 §7
  | 'registration_not_supported' // OpenID Connect Core §3.1.2.6
  | 'invalid_redirect_uri' // RFC 7591 §3.2.2
  | 'invalid_client_metadata' // RFC 7591 §3.2.2
  | 'invalid_software_statement' // RFC 7591 §3.2.2
  | 'unapproved_software_statement'; // RFC 7591 §3.2.2

/** Refusals for which OAuth has no code of its own; the renderer picks the nearest. */
export type HttpRefusal =
  | 'content_too_large' // RFC 9110 §15.5.14
  | 'method_not_allowed' // RFC 9110 §15.5.6
  | 'forbidden' // RFC 9110 §15.5.4
  | 'too_many_requests'; // RFC 6585 §4

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
  readonly error: OAuthErrorCode | HttpRefusal | undefined;
  readonly detail: RejectionDetail;
  /** What the peer needs to do better, beside the error in its challenge (RFC 9470 §3). */
  readonly remedy?: readonly (readonly [name: string, value: string])[];
  /** Fields that the answer needs beside its body: `Allow`, `Retry-After`, `DPoP-Nonce`. Names in lower case. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
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
