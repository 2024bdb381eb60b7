import type { Seconds } from '@keybound/core';
import type { VerifiedAccessToken } from './verified-access-token.js';

/** Asks the issuer of a verified token, in process, whether it was revoked. RFC 7009. */
export interface TokenStatus {
  /** @throws StoreUnavailableError */
  isActive(token: VerifiedAccessToken, now: Seconds): Promise<boolean>;
}
