import { ConfigurationError, splitHttpUrl } from '@keybound/core';
import { isLoopback } from './is-loopback.js';
import type { SigningFetchOptions } from './signing-fetch-options.js';

/**
 * Parses the origins that a token may go to; http only where it is allowed.
 *
 * @throws ConfigurationError that says what to change.
 */
export function tokenOrigins(
  origins: readonly string[],
  allowHttp: NonNullable<SigningFetchOptions['allowHttp']>,
): ReadonlySet<string> {
  if (origins.length === 0) {
    throw new ConfigurationError('A signing fetch needs the origins that the token is for.');
  }
  return new Set(origins.map((text) => tokenOrigin(text, allowHttp)));
}

function tokenOrigin(text: string, allowHttp: 'loopback' | 'always'): string {
  const url = splitHttpUrl(text);
  if (url === undefined || url.query !== undefined || !['', '/'].includes(url.path)) {
    throw new ConfigurationError(`"${text}" is not an origin such as https://api.example.com.`);
  }
  const secure = url.origin.startsWith('https:') || isLoopback(url.host);
  if (secure || allowHttp === 'always') return url.origin;
  throw new ConfigurationError(`"${text}" must be https: http shows the token to the network.`);
}
