import { isIP } from 'node:net';
import { splitHttpUrl } from '../http/http-url.js';

/** A URL that every parser reads alike. Whether its host may be reached is not decided yet. */
export interface OutgoingUrl {
  readonly secure: boolean;
  /** `scheme://host[:port]`, lower case, without a default port. */
  readonly origin: string;
  /** A DNS name in lower case, or an address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Path and query as sent. */
  readonly target: string;
}

const dnsName =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Parses a URL that is to be fetched; undefined for whatever the WHATWG parser would repair, so that
 * what was checked is what is dialled. THR-14.
 *
 * Refused besides what {@link splitHttpUrl} refuses: a fragment (the caller takes it off where one
 * is meant), addresses in another form than the canonical one, numeric top-level labels, a trailing
 * dot, and dot segments.
 */
export function parseOutgoingUrl(text: string): OutgoingUrl | undefined {
  const url = splitHttpUrl(text);
  if (url === undefined || text.includes('#')) return undefined;
  const query = url.query === undefined ? '' : `?${url.query}`;
  const target = `${url.path === '' ? '/' : url.path}${query}`;
  if (!URL.canParse(text) || new URL(text).href !== `${url.origin}${target}`) return undefined;

  const hostname = url.host.startsWith('[') ? url.host.slice(1, -1) : url.host;
  if (isIP(hostname) === 0 && !dnsName.test(hostname)) return undefined;
  const secure = url.origin.startsWith('https:');
  return { secure, origin: url.origin, hostname, port: url.port, target };
}
