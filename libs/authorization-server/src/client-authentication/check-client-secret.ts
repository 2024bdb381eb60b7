import {
  accept,
  equalInConstantTime,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import type { ClientAuthentication } from '../extension/client-authentication.js';
import type { Client } from '../extension/client.js';
import { hashOf } from '../server/secrets.js';
import { reject } from './rejections.js';

/** Longer ones are nobody's, and are not hashed. */
export const maxSecretLength = 1_024;

/**
 * Whether it is one of the client's live secrets: two, while one takes the other's place. AS-82.
 *
 * Hashes are compared, in constant time and each of them, so that time tells neither which octets
 * were right nor which secret it was.
 */
export async function checkClientSecret(
  method: string,
  client: Client,
  secret: string,
  now: Seconds,
): Promise<Result<ClientAuthentication, Rejection>> {
  const hash = Buffer.from(await hashOf(secret));
  let known = false;
  for (const { hash: kept, expiresAt } of client.secrets) {
    const same = equalInConstantTime(hash, Buffer.from(kept));
    if (same && (expiresAt === undefined || now < expiresAt)) known = true;
  }
  if (!known) return reject('client_secret.wrong', 'AS-82');
  return accept({ method, confidential: true, provenKeys: [], uses: [], facts: {} });
}
