import type { EndpointAnswer } from '../extension/endpoint.js';

/**
 * What goes with every page. AS-16, THR-39, THR-79, THR-86: no frame, no script, no guessing of
 * types, nothing kept, and nobody told where it came from.
 *
 * @param contentSecurityPolicy Directives beside those that every page has.
 */
export function pageFields(
  contentSecurityPolicy: readonly string[] = [],
): EndpointAnswer['headers'] {
  const policy = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
  return [
    ['content-type', 'text/html; charset=utf-8'],
    ['cache-control', 'no-store'],
    ['content-security-policy', [...policy, ...contentSecurityPolicy].join('; ')],
    ['x-frame-options', 'DENY'],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
  ];
}
