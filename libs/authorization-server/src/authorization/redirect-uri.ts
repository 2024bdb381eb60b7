import { accept, type Rejection, type Result } from '@keybound/core';
import { matchesRedirectUri } from '../client/redirect-uri.js';
import type { Client } from '../extension/client.js';
import type { Parameters } from '../extension/parameters.js';
import { reject } from './rejections.js';

/**
 * Where the answer is to go: asked for in so many words, and registered. RFC 9700 §2.1, §4.1.3.
 *
 * A refusal is told on a page. That includes a URI that came twice, of which nobody knows the right one.
 */
export function parseRedirectUri(
  parameters: Parameters,
  client: Client,
): Result<string, Rejection> {
  if (parameters.repeated.has('redirect_uri')) {
    return reject('authorization.redirect_uri', 'AS-02', { actual: 'repeated' });
  }
  const redirectUri = parameters.one('redirect_uri');
  if (redirectUri === undefined) return reject('authorization.redirect_uri', 'AS-06');
  return isRegistered(redirectUri, client)
    ? accept(redirectUri)
    : reject('authorization.redirect_uri', 'AS-04', { actual: redirectUri });
}

/** Also for what was registered when a request was pushed, and may not be any more. */
export function isRegistered(redirectUri: string, { metadata }: Client): boolean {
  return matchesRedirectUri(metadata.redirect_uris, redirectUri, metadata.application_type);
}
