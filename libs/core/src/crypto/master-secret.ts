import { hkdfSync } from 'node:crypto';
import { ConfigurationError } from '../errors/faults.js';
import { encodeBase64url } from './base64url.js';

const minLength = 32;
/** Of 32 random digits, the poorest alphabet anybody would take, nearly all have more. */
const minDistinct = 8;
const keyOctets = 32;

/**
 * A key of 256 bits for one purpose. RFC 5869. Keys of other purposes, and the secret itself, cannot be
 * told from it.
 *
 * @param secret At least 32 characters from a source of randomness; no password, since nothing slows
 *               down who tries them all.
 * @throws ConfigurationError for a secret that is short or has too little variety.
 */
export function keyFromSecret(secret: string, purpose: string): Uint8Array {
  if (secret.length < minLength || new Set(secret).size < minDistinct) {
    throw new ConfigurationError(
      `A secret needs at least ${String(minLength)} random characters; make it by: openssl rand -base64 32`,
    );
  }
  return new Uint8Array(hkdfSync('sha256', secret, '', `keybound ${purpose}`, keyOctets));
}

/**
 * Another secret, for one purpose, that takes the place of one more to configure: all instances that
 * have the same master secret have it too.
 *
 * @returns 43 characters of base64url: 256 bits.
 * @throws ConfigurationError as {@link keyFromSecret}.
 */
export function deriveSecret(secret: string, purpose: string): string {
  return encodeBase64url(keyFromSecret(secret, `secret: ${purpose}`));
}
