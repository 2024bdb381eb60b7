import { encodeBase64url } from '#platform';
import { decodeBase64url } from '../crypto/base64url.js';
import { equalInConstantTime, hmacSha256 } from '../crypto/message-authentication.js';
import { ConfigurationError } from '../errors/faults.js';
import { seconds, type Seconds } from '../time/clock.js';
import type { NonceVerdict, ServerNonces } from './server-nonces.js';

export interface StatelessNonceOptions {
  /** `resource server` or `authorization server`: a nonce of one is nothing to the other. */
  readonly role: string;
  /** The issuer's or the resource's identifier. */
  readonly identifier: string;
  /** At least 32 octets each, the same on all instances; the first one signs. */
  readonly secrets: readonly string[];
  readonly lifetimeSeconds: number;
}

const version = 1;
const keyIdAt = 1;
const issuedAtAt = 2;
const randomAt = 8;
const tagAt = 16;
const length = 32;
const minSecretOctets = 32;
/** How far another instance's clock may be ahead. */
const instanceSkewSeconds = 60;

/**
 * Nonces that carry their own date under a MAC, so that every instance knows those of all others and
 * nothing is stored. RFC 9449 §8, §9.
 *
 * 32 octets as base64url: version, key id, date, 8 random octets, and half of an HMAC-SHA-256.
 *
 * @throws ConfigurationError for a secret that is too short.
 */
export function statelessNonces(options: StatelessNonceOptions): ServerNonces {
  const { role, identifier, lifetimeSeconds } = options;
  const keys = options.secrets.map(toKey);
  const [signing] = keys;
  if (signing === undefined) throw new ConfigurationError('Nonces need a secret.');
  const context = `${String(role.length)}:${role}${String(identifier.length)}:${identifier}`;
  const tag = (key: NonceKey, head: Uint8Array) =>
    hmacSha256(key.secret, Buffer.concat([Buffer.from(context), head])).subarray(0, length - tagAt);

  return {
    issue(now) {
      const octets = Buffer.alloc(length);
      octets.writeUInt8(version);
      octets.writeUInt8(signing.id, keyIdAt);
      octets.writeUIntBE(Math.floor(now), issuedAtAt, randomAt - issuedAtAt);
      crypto.getRandomValues(octets.subarray(randomAt, tagAt));
      octets.set(tag(signing, octets.subarray(0, tagAt)), tagAt);
      return encodeBase64url(octets);
    },

    check(nonce, now) {
      const decoded = decodeBase64url(nonce);
      if (decoded?.length !== length || decoded[0] !== version) return { state: 'unknown' };
      const octets = Buffer.from(decoded);
      const head = octets.subarray(0, tagAt);
      // Some, not find: one octet of id, so that once in 256 rotations two secrets share theirs.
      const good = keys.some(
        (key) =>
          key.id === octets.readUInt8(keyIdAt) &&
          equalInConstantTime(tag(key, head), octets.subarray(tagAt)),
      );
      if (!good) return { state: 'unknown' };
      return judge(octets.readUIntBE(issuedAtAt, randomAt - issuedAtAt), lifetimeSeconds, now);
    },
  };
}

/** Accepted up to and including its last second; due for renewal past half its life. */
function judge(issuedAt: number, lifetimeSeconds: number, now: Seconds): NonceVerdict {
  const age = now - issuedAt;
  if (age < -instanceSkewSeconds) return { state: 'unknown' };
  if (age > lifetimeSeconds) return { state: 'expired' };
  const since = seconds(issuedAt - instanceSkewSeconds);
  const until = seconds(issuedAt + lifetimeSeconds + 1);
  return { state: 'current', renew: age > lifetimeSeconds / 2, since, until };
}

interface NonceKey {
  readonly id: number;
  readonly secret: Uint8Array;
}

/** The id is derived from the secret, so that instances agree on it without being told. */
function toKey(text: string): NonceKey {
  const secret = new TextEncoder().encode(text);
  if (secret.length < minSecretOctets) {
    throw new ConfigurationError(
      'A nonce secret needs at least 32 octets; make it from randomness.',
    );
  }
  const [id = 0] = Buffer.from(hmacSha256(secret, 'nonce key id'));
  return { id, secret };
}
