import { decodeBase64url, headerDepth, parseJsonObject } from '@keybound/core';
import type { AccessTokenVerifier } from './verified-access-token.js';

/** Sends JWTs to one verifier, and tokens that only their issuer can read to another. */
export function byFormOfToken(
  jwts: AccessTokenVerifier,
  references: AccessTokenVerifier,
): AccessTokenVerifier {
  return {
    verify: (token, hash, now) => (isJwt(token) ? jwts : references).verify(token, hash, now),
  };
}

const maxHeaderLength = 4_096;

/** Whether it begins as a JWT does: with a JOSE header. A reference may have periods too. */
function isJwt(token: string): boolean {
  const end = token.indexOf('.');
  if (end < 1 || end > maxHeaderLength) return false;
  const octets = decodeBase64url(token.slice(0, end));
  return octets !== undefined && parseJsonObject(octets, headerDepth)?.['alg'] !== undefined;
}
