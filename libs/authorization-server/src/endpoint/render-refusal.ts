import {
  renderOAuthError,
  renderUnavailable,
  type ErrorResponse,
  type Rejection,
} from '@keybound/core';
import type { EndpointAnswer, EndpointSurface } from '../extension/endpoint.js';
import { errorAnswer } from './answers.js';
import { escapeHtml } from './escape-html.js';
import { pageFields } from './page-fields.js';

/** After a fault. Short, since most of them are over in no time. */
export const retryAfterSeconds = 5;

/** A refusal as it looks on the surface it arrived on. AS-61, AS-62, INV-4, INV-8. */
export function renderRefusal(
  rejection: Rejection,
  surface: EndpointSurface,
  explain: boolean,
): EndpointAnswer {
  if (surface.kind !== 'page') return errorAnswer(renderOAuthError(rejection, surface, explain));
  const rendered = renderOAuthError(rejection, { kind: 'endpoint' }, explain);
  // A page challenges nobody, and 401 without a challenge is not HTTP (RFC 9110 §15.5.2).
  return asPage({ ...rendered, status: rendered.status === 401 ? 400 : rendered.status });
}

/** A store, a key holder or another server cannot answer. AS-271, THR-66. */
export function renderFault(surface: EndpointSurface): EndpointAnswer {
  const rendered = renderUnavailable(retryAfterSeconds);
  return surface.kind === 'page' ? asPage(rendered) : errorAnswer(rendered);
}

/** A page for a person, whom no redirect may carry further (AS-03). */
function asPage({ status, headers, body }: ErrorResponse): EndpointAnswer {
  const { error = 'invalid_request', error_description } = body;
  const temporary = status === 503 || status === 429;
  const title = temporary ? 'Not available right now' : 'This request cannot be completed';
  const advice = temporary
    ? 'Please try again in a moment.'
    : 'Please go back to the application that you came from and start again.';
  const said = error_description === undefined ? error : `${error}: ${error_description}`;
  const html = [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>`,
    `<body><main><h1>${title}</h1><p>${advice}</p>`,
    `<p><code>${escapeHtml(said)}</code></p></main></body></html>`,
  ].join('\n');
  const own = headers.filter(([name]) => name !== 'cache-control' && name !== 'www-authenticate');
  return { status, headers: [...pageFields(), ...own], body: html };
}
