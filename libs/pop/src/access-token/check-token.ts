import { accept, type Rejection, type Result, type Seconds } from '@keybound/core';
import { reject } from './rejections.js';
import type { VerifiedAccessToken } from './verified-access-token.js';

/** RS-12: that `aud` names this resource. Any of `audiences` will do. */
export function checkAudience(
  aud: string | readonly string[],
  audiences: readonly string[],
): Result<undefined, Rejection> {
  const named = typeof aud === 'string' ? [aud] : aud;
  if (named.some((name) => audiences.includes(name))) return accept(undefined);
  return reject('token.audience', 'RS-12', {
    expected: audiences.join(' '),
    actual: named.join(' '),
  });
}

/** RS-14: that the token is valid now. */
export function checkTime(
  token: VerifiedAccessToken,
  leewaySeconds: number,
  now: Seconds,
): Result<VerifiedAccessToken, Rejection> {
  if (token.expiresAt + leewaySeconds <= now) {
    return reject('token.expired', 'RS-14', { actual: String(token.expiresAt) });
  }
  if (token.notBefore !== undefined && token.notBefore - leewaySeconds > now) {
    return reject('token.not_yet_valid', 'RS-14', { actual: String(token.notBefore) });
  }
  return accept(token);
}
