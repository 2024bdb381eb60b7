import type { OAuthErrorCode } from '@keybound/core';
import { redirectAnswer } from '../endpoint/answers.js';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import { formPostAnswer } from './form-post-answer.js';

/** Where an authorization response goes. */
export type ResponseTarget = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state'>;

/** What an authorization response says. RFC 6749 §4.1.2, §4.1.2.1. */
export type AuthorizationResult =
  { readonly code: string } | { readonly error: OAuthErrorCode; readonly description?: string };

/** What must be known of the server. */
export interface Responder {
  readonly issuer: string;
  readonly configuration: { readonly explain: boolean };
}

type Pairs = readonly (readonly [name: string, value: string])[];

const maxDescriptionCharacters = 500;

/**
 * Sends the browser back to the client, with `iss` whatever the result (AS-13) and `state` as it came.
 *
 * @param target Its `redirectUri` was compared with the registered ones: nobody looks again here.
 */
export function authorizationResponse(
  context: Responder,
  target: ResponseTarget,
  result: AuthorizationResult,
): EndpointAnswer {
  const said: (readonly [string, string])[] = [...membersOf(context, result)];
  if (target.state !== undefined) said.push(['state', target.state]);
  said.push(['iss', context.issuer]);
  return target.responseMode === 'form_post'
    ? formPostAnswer(target.redirectUri, said)
    : redirectAnswer(withQuery(target.redirectUri, said));
}

function membersOf(context: Responder, result: AuthorizationResult): Pairs {
  if ('code' in result) return [['code', result.code]];
  const { error, description } = result;
  if (description === undefined || !context.configuration.explain) return [['error', error]];
  return [
    ['error', error],
    ['error_description', describable(description)],
  ];
}

/** AS-18: what the client's query says already stays, and a fragment never leaves the server. */
function withQuery(redirectUri: string, pairs: Pairs): string {
  const [uri = ''] = redirectUri.split('#', 1);
  const added = pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value))}`)
    .join('&');
  if (!uri.includes('?')) return `${uri}?${added}`;
  return /[?&]$/.test(uri) ? uri + added : `${uri}&${added}`;
}

/** AS-14, RFC 6749 §4.1.2.1: %x20-21 / %x23-5B / %x5D-7E. */
function describable(description: string): string {
  return description.slice(0, maxDescriptionCharacters).replace(/[^ !#-[\]-~]/g, '?');
}

/** Half a character, as JSON can carry it, has no octets. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\u{fffd}');
}
