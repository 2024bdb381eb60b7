import type { OAuthErrorCode } from '@keybound/core';
import { hostOfRedirectUri } from '../client/redirect-uri.js';
import { escapeHtml } from '../endpoint/escape-html.js';
import { pageFields } from '../endpoint/page-fields.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { authorizationResponse, type ResponseTarget } from './authorization-response.js';

/**
 * A page that says what is wrong and lets the user go on to the application, or not. AS-19.
 *
 * It is a link, so that the error arrives in the query even where `form_post` was asked for: a form
 * that posts to an address nobody vouches for does more than a person who clicks expects.
 */
export function errorLinkPage(
  context: ServerContext,
  target: ResponseTarget,
  result: { readonly error: OAuthErrorCode; readonly description: string },
): EndpointAnswer {
  const { headers } = authorizationResponse(context, { ...target, responseMode: 'query' }, result);
  const location = headers.find(([name]) => name === 'location')?.[1] ?? '';
  const body = [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>This request cannot be completed</title></head>',
    '<body><main><h1>This request cannot be completed</h1>',
    '<p>An application that nobody has checked yet sent you here with a faulty request.</p>',
    `<p><code>${escapeHtml(result.error)}</code></p>`,
    `<p><a href="${escapeHtml(location)}" rel="noreferrer">Continue to ${escapeHtml(hostOfRedirectUri(target.redirectUri))}</a></p>`,
    '</main></body></html>',
  ].join('\n');
  return { status: 400, headers: pageFields(), body };
}
