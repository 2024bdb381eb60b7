/** An absolute http(s) URL, split but not decoded. */
export interface HttpUrl {
  /** `scheme://host[:port]`, lower case, without a default port. */
  readonly origin: string;
  /** Lower case; an IPv6 address keeps its brackets. */
  readonly host: string;
  /** The effective port: 443 or 80 where none was written. */
  readonly port: number;
  /** As received, percent-encoding kept; empty where the URL has none. */
  readonly path: string;
  /** As received, without the `?`; undefined where there is no `?`. */
  readonly query: string | undefined;
}

const shape =
  /^(https?):\/\/((?:[a-z0-9\-._~!$&'()*+,;=%]+)|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i;
const printableAsciiWithoutBackslash = /^[!-[\]-~]+$/;

/**
 * Splits an absolute URL. RFC 3986 §3.
 *
 * Stricter than the WHATWG parser, which trims blanks, drops tabs, turns backslashes into slashes
 * and guesses a missing `//`: whatever two parsers could read differently is undefined here. So are
 * user information and everything outside printable ASCII.
 */
export function splitHttpUrl(text: string): HttpUrl | undefined {
  if (!printableAsciiWithoutBackslash.test(text)) return undefined;
  const match = shape.exec(text);
  if (match === null) return undefined;
  const scheme = match[1]?.toLowerCase() ?? '';
  const host = match[2]?.toLowerCase() ?? '';
  const defaultPort = scheme === 'https' ? 443 : 80;
  const port = match[3] === undefined || match[3] === '' ? defaultPort : Number(match[3]);
  if (port > 65_535) return undefined;
  return {
    origin: `${scheme}://${host}${port === defaultPort ? '' : `:${String(port)}`}`,
    host,
    port,
    path: match[4] ?? '',
    query: match[5],
  };
}

const alreadyNormal = /^(?:\/(?:[A-Za-z0-9\-_~!$&'()*+,;=:@][A-Za-z0-9\-._~!$&'()*+,;=:@]*)?)+$/;
const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * Brings a path into the form in which two paths are compared. RFC 3986 §6.2.2 and §6.2.3.
 *
 * Unreserved octets are decoded, other triplets upper-cased, dot segments removed, an empty path is
 * `/`. Letter case, empty segments, a trailing slash and reserved escapes stay significant.
 */
export function normalizePath(path: string): string {
  if (path === '') return '/';
  if (alreadyNormal.test(path)) return path;
  const decoded = path.replace(/%[0-9A-Fa-f]{2}/g, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return unreserved.test(character) ? character : triplet.toUpperCase();
  });
  return removeDotSegments(decoded);
}

/** RFC 3986 §5.2.4, for a path that begins with a slash. */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === '.' || segment === '..') {
      if (segment === '..') kept.pop();
      if (last) kept.push('');
    } else {
      kept.push(segment);
    }
  });
  return `/${kept.join('/')}`;
}
