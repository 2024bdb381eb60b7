import { normalizePath, splitHttpUrl, type HttpUrl } from '@keybound/core';

/** A URL as `htu` names it: without query and fragment, normalised. RFC 9449 §4.3 (9). */
export function targetOf(url: HttpUrl): string {
  return url.origin + normalizePath(url.path);
}

/**
 * Whether `htu` names the target. RFC 3986 §6.2.2 and §6.2.3 on both sides; what the WHATWG parser
 * would repair (blanks, backslashes, a missing slash, user information) is refused.
 *
 * @param target From {@link targetOf} of the URL that the client used.
 */
export function sameTarget(htu: string, target: string): boolean {
  if (htu === target) return true;
  const claimed = splitHttpUrl(htu);
  return claimed !== undefined && targetOf(claimed) === target;
}
