import {
  decodeBase64url,
  headerDepth,
  parseJsonObject,
  splitCompactJws,
  type JsonObject,
} from '@keybound/core';

/** Longest request object, in characters: details are long, and forms end at 64 KiB. THR-13. */
export const longestRequestObject = 32_768;

/**
 * The header of a request object, for resolvers that find their client through it (a trust chain).
 * Nobody vouches for it: undefined for whatever is none, which `verifyRequestObject` refuses later.
 */
export function unverifiedHeaderOf(request: string | undefined): JsonObject | undefined {
  if (request === undefined) return undefined;
  const segments = splitCompactJws(request, longestRequestObject);
  const octets = segments.ok ? decodeBase64url(segments.value.header) : undefined;
  return octets === undefined ? undefined : parseJsonObject(octets, headerDepth);
}
