import { sha256Base64url } from '@keybound/core';

/** What a secret is for; it stands in front of it, so that one kind is never taken for another. */
export type SecretKind =
  'code' | 'rt' | 'at' | 'reg' | 'secret' | 'interaction' | 'ticket' | 'session' | 'browser';

/** A value that its holder alone knows. */
export type Secret<Kind extends SecretKind = SecretKind> = `${Kind}_${string}`;

/** 256 random bits (AS-17, THR-85). */
export function freshSecret<Kind extends SecretKind>(kind: Kind): Secret<Kind> {
  return `${kind}_${randomBase64url(32)}`;
}

/** A name that need not be secret: of a grant, a token, a client. 122 random bits. */
export function freshName<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
  return `${prefix}_${crypto.randomUUID()}`;
}

/** How secrets are kept: base64url of the SHA-256. */
export async function hashOf(secret: string): Promise<string> {
  return sha256Base64url(secret);
}

const pool = Buffer.alloc(4_096);
let taken = pool.length;

/**
 * Random octets, fetched from the system many at a time: asking costs more than they do. What was
 * handed out is wiped; what was not is as secret as the signing keys beside it.
 *
 * @param octets At most 64.
 */
export function randomBase64url(octets: number): string {
  if (octets > 64) throw new RangeError('More random octets than any secret needs.');
  if (taken + octets > pool.length) {
    crypto.getRandomValues(pool);
    taken = 0;
  }
  const text = pool.toString('base64url', taken, taken + octets);
  pool.fill(0, taken, taken + octets);
  taken += octets;
  return text;
}
