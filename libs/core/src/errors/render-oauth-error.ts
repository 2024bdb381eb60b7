import { safeText } from '../audit/safe-text.js';
import type { OAuthErrorCode, Rejection } from './rejection.js';

/** Where a refusal arrived: it decides the status and the shape of the answer. */
export type ErrorSurface =
  /** A protected resource: challenges, each already with its own parameters. RFC 9110 §11.6.1. */
  | {
      readonly kind: 'resource';
      readonly challenges: readonly Challenge[];
      /** Schemes whose challenge carries the error. */
      readonly errorIn: ReadonlySet<string>;
    }
  /** An endpoint of an authorization server that answers in JSON. RFC 6749 §5.2. */
  | { readonly kind: 'endpoint' };

/** A challenge of one scheme. RFC 9110 §11.6.1. */
export interface Challenge {
  readonly scheme: string;
  /** Parameters that must come before the error: `nonce` of the `PoP` scheme. */
  readonly leading: readonly ChallengeParameter[];
  readonly parameters: readonly ChallengeParameter[];
}

export type ChallengeParameter = readonly [name: string, value: string];

/** What goes on the wire, for any framework. */
export interface ErrorResponse {
  readonly status: number;
  /** Names in lower case; a name may come several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A JSON object; empty where the peer is told nothing but the challenge. */
  readonly body: ErrorBody;
}

export interface ErrorBody {
  readonly error?: OAuthErrorCode;
  readonly error_description?: string;
}

const resourceStatus = {
  invalid_request: 400,
  invalid_token: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  insufficient_scope: 403,
  insufficient_user_authentication: 401,
  content_too_large: 413,
  temporarily_unavailable: 503,
} as const;

/**
 * Turns a refusal into the answer for the surface it arrived on. Nobody else chooses a status.
 *
 * @param explain Whether the peer may read which requirement failed; for development only.
 */
export function renderOAuthError(
  rejection: Rejection,
  surface: ErrorSurface,
  explain: boolean,
): ErrorResponse {
  const description = explain && rejection.error !== undefined ? describe(rejection) : undefined;
  const said: ChallengeParameter[] = [...(rejection.remedy ?? [])];
  if (description !== undefined) said.unshift(['error_description', description]);
  if (rejection.error !== undefined) said.unshift(['error', rejection.error]);
  const headers: [string, string][] = [['cache-control', 'no-store']];
  if (surface.kind === 'resource' && rejection.error !== 'content_too_large') {
    for (const challenge of surface.challenges) {
      const error = surface.errorIn.has(challenge.scheme) ? said : [];
      headers.push(['www-authenticate', renderChallenge(challenge, error)]);
    }
  }
  return {
    status: statusOf(rejection.error, surface),
    headers,
    body: bodyOf(rejection, description),
  };
}

/** The answer to a fault: a store or an issuer that cannot answer. THR-66. */
export function renderUnavailable(retryAfterSeconds: number): ErrorResponse {
  return {
    status: 503,
    headers: [
      ['cache-control', 'no-store'],
      ['retry-after', String(retryAfterSeconds)],
    ],
    body: { error: 'temporarily_unavailable' },
  };
}

function statusOf(error: Rejection['error'], surface: ErrorSurface): number {
  if (error === undefined) return 401;
  if (surface.kind === 'resource') return resourceStatus[error];
  return error === 'content_too_large' ? 413 : error === 'temporarily_unavailable' ? 503 : 400;
}

function bodyOf(rejection: Rejection, description: string | undefined): ErrorBody {
  if (rejection.error === undefined) return {};
  const error = rejection.error === 'content_too_large' ? 'invalid_request' : rejection.error;
  return description === undefined ? { error } : { error, error_description: description };
}

function renderChallenge(challenge: Challenge, error: readonly ChallengeParameter[]): string {
  const parameters = [...challenge.leading, ...error, ...challenge.parameters];
  const rendered = parameters.map(([name, value]) => `${name}="${quotable(value)}"`);
  return rendered.length === 0 ? challenge.scheme : `${challenge.scheme} ${rendered.join(', ')}`;
}

/** RFC 6750 §3: no quote, backslash, control or non-ASCII character in a parameter's value. */
function quotable(value: string): string {
  return value.replace(/[^ !#-[\]-~]/g, '?');
}

/** Without comma and equals sign, at which a deployed `PoP` client splits the field (SHR digest 1.6). */
function describe(rejection: Rejection): string {
  const { requirement, code, rule, detail } = rejection;
  const values = Object.entries(detail).map(
    ([name, value]) => `${name} ${safeText(String(value))}`,
  );
  return [`${requirement} ${code}`, rule, ...values]
    .join('; ')
    .replace(/[,=]/g, ' ')
    .replace(/["\\]/g, '?')
    .replace(/[^ -~]/g, '?');
}
