import { splitHttpUrl, type HttpUrl } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';

export type ApplicationType = ClientMetadata['application_type'];

/** Why a URI is none to redirect to: fixed words, safe to log. */
export type RedirectUriProblem =
  | 'too long'
  | 'a character that no URI has'
  | 'fragment'
  | 'wildcard'
  | 'not an absolute URI'
  | 'user information'
  | 'scheme'
  | 'http beyond loopback'
  | 'dot segments'
  | 'response parameter';

const maxLength = 2_048;
const printableAscii = /^[!-~]+$/;
const outsideUris = /["<>\\^`{|}]|%(?![0-9A-Fa-f]{2})/;
const privateUse = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:(\/\/[^/?#]*)?(\/[^?]*)(?:\?(.*))?$/;
const dotSegment = /(?:^|\/)(?:\.|%2e){1,2}(?:[/;]|$)/i;
const responseParameters = new Set([
  'access_token',
  'code',
  'error',
  'error_description',
  'error_uri',
  'id_token',
  'iss',
  'response',
  'session_state',
  'state',
  'token_type',
]);

/**
 * Whether users may be sent there at all. AS-05, AS-217, OIDC-19, THR-80.
 *
 * `https` for everybody; `http` on loopback and private-use schemes (RFC 8252 §7.1, with a period) for
 * native applications. Whatever else has a scheme, `javascript:` among them, is not on the list.
 */
export function checkRedirectUri(
  uri: string,
  applicationType: ApplicationType,
): RedirectUriProblem | undefined {
  if (uri.length > maxLength) return 'too long';
  if (uri.includes('#')) return 'fragment';
  if (!printableAscii.test(uri) || outsideUris.test(uri)) return 'a character that no URI has';
  if (uri.includes('*')) return 'wildcard';
  if (!/^https?:/i.test(uri)) return checkPrivateUse(uri, applicationType);
  const url = splitHttpUrl(uri);
  if (url === undefined) return uri.includes('@') ? 'user information' : 'not an absolute URI';
  if (uri.startsWith('http:') && !(applicationType === 'native' && isLoopback(url))) {
    return 'http beyond loopback';
  }
  if (!/^https?:/.test(uri)) return 'scheme';
  return checkRest(url.path, url.query);
}

/**
 * Whether a request may redirect there: the very string that is registered. AS-04, THR-44.
 *
 * One exception: for a native application on loopback the port may be another (RFC 8252 §7.3, and by
 * our decision for `localhost` too, AS-05).
 */
export function matchesRedirectUri(
  registered: readonly string[],
  presented: string | undefined,
  applicationType: ApplicationType,
): boolean {
  if (presented === undefined || checkRedirectUri(presented, applicationType) !== undefined) {
    return false;
  }
  if (registered.includes(presented)) return true;
  const portless = applicationType === 'native' ? withoutLoopbackPort(presented) : undefined;
  return portless !== undefined && registered.some((uri) => withoutLoopbackPort(uri) === portless);
}

/**
 * Where users are sent, as they may be shown it: a private-use scheme, such as `com.example.app:`,
 * stands for an application on the device.
 */
export function hostOfRedirectUri(uri: string): string {
  return splitHttpUrl(uri)?.host ?? uri.slice(0, uri.indexOf(':') + 1);
}

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::[0-9]{1,5})?((?:[/?].*)?)$/;

function withoutLoopbackPort(uri: string): string | undefined {
  const match = loopback.exec(uri);
  return match === null ? undefined : `${match[1] ?? ''}${match[2] ?? ''}`;
}

function isLoopback({ host }: HttpUrl): boolean {
  return host === '127.0.0.1' || host === '[::1]' || host === 'localhost';
}

function checkPrivateUse(
  uri: string,
  applicationType: ApplicationType,
): RedirectUriProblem | undefined {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) return 'not an absolute URI';
  const match = privateUse.exec(uri);
  if (match === null || applicationType !== 'native') return 'scheme';
  const [, authority = '', path = '', query] = match;
  if (authority.includes('@')) return 'user information';
  return checkRest(path, query);
}

function checkRest(path: string, query: string | undefined): RedirectUriProblem | undefined {
  if (dotSegment.test(path)) return 'dot segments';
  const names = new URLSearchParams(query).keys();
  return [...names].some((name) => responseParameters.has(name)) ? 'response parameter' : undefined;
}
