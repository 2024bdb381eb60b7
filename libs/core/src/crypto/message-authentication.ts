import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA-256. RFC 2104. */
export function hmacSha256(secret: string | Uint8Array, data: string | Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(data).digest();
}

/** Whether two octet strings are the same; how long it takes tells only whether their lengths are. */
export function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
