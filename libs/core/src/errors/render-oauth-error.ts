import { safeText } from '../audit/safe-text.js';
import type { HttpRefusal, OAuthErrorCode, Rejection } from './rejection.js';

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
  | {
      readonly kind: 'endpoint';
      /** What a failed authentication by the `Authorization` field is challenged with. RFC 6749 §5.2. */
      readonly challenge?: Challenge;
      /** Where an endpoint takes a token (RFC 7591 §3, RFC 7592 §2): what a bad one is challenged with. */
      readonly bearer?: Challenge;
    };

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

/** Statuses that are the same wherever the refusal arrived. */
const everywhere: Partial<Record<NonNullable<Rejection['error']>, number>> = {
  insufficient_scope: 403,
  content_too_large: 413,
  method_not_allowed: 405,
  forbidden: 403,
  too_many_requests: 429,
  temporarily_unavailable: 503,
  server_error: 500,
};

const atResources: typeof everywhere = {
  ...everywhere,
  invalid_token: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  insufficient_user_authentication: 401,
};

const atEndpoints: typeof everywhere = { ...everywhere, invalid_client: 401 };

/** The registered code for what OAuth has no code for. */
const nearest: Record<HttpRefusal, OAuthErrorCode> = {
  content_too_large: 'invalid_request',
  method_not_allowed: 'invalid_request',
  forbidden: 'invalid_request',
  too_many_requests: 'temporarily_unavailable',
};

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
  const headers: (readonly [name: string, value: string])[] = [['cache-control', 'no-store']];
  const status = statusOf(rejection.error, surface);
  if (
    surface.kind === 'resource' &&
    !(rejection.error !== undefined && isHttpRefusal(rejection.error))
  ) {
    for (const challenge of surface.challenges) {
      const error = surface.errorIn.has(challenge.scheme) ? said : [];
      headers.push(['www-authenticate', renderChallenge(challenge, error)]);
    }
  }
  if (surface.kind === 'endpoint' && status === 401) {
    const { challenge, bearer } = surface;
    if (challenge !== undefined) {
      headers.push(['www-authenticate', renderChallenge(challenge, [])]);
    }
    if (bearer !== undefined) headers.push(['www-authenticate', renderChallenge(bearer, said)]);
  }
  headers.push(...(rejection.fields ?? []));
  return { status, headers, body: bodyOf(rejection, description) };
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
  if (error === 'invalid_token' && surface.kind === 'endpoint' && surface.bearer !== undefined) {
    return 401;
  }
  return (surface.kind === 'resource' ? atResources : atEndpoints)[error] ?? 400;
}

function bodyOf(rejection: Rejection, description: string | undefined): ErrorBody {
  if (rejection.error === undefined) return {};
  const error = isHttpRefusal(rejection.error) ? nearest[rejection.error] : rejection.error;
  return description === undefined ? { error } : { error, error_description: description };
}

function isHttpRefusal(error: OAuthErrorCode | HttpRefusal): error is HttpRefusal {
  return Object.hasOwn(nearest, error);
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
