import type { JsonValue } from '@keybound/core';

/** How many characters a JWT access token of ours may have. `@keybound/pop` reads as many. */
export const longestAccessToken = 8_192;

/** How many characters of a JWT a value takes up at least: its JSON, in base64url. RFC 7515 §3. */
export function lengthInToken(value: JsonValue): number {
  return Math.ceil((Buffer.byteLength(JSON.stringify(value)) * 4) / 3);
}
