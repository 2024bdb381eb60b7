import {
  generateEncryptionKeys,
  parseConfiguration,
  type EncryptionKeys,
  type JsonObject,
} from '@keybound/core';
import { SealedRing } from './sealed-ring.js';
import {
  encryptionKeysSchema,
  sharedEncryptionKeysOptions,
  type SharedEncryptionKeysOptions,
} from './shared-encryption-keys.schema.js';

/** Encryption keys that instances have in common. */
export interface SharedEncryptionKeys extends EncryptionKeys {
  /** Every private key of the ring, the current one first: what was encrypted to a previous one opens. */
  readonly decryptionJwks: readonly JsonObject[];
}

/**
 * A key pair to which others encrypt, for a resource in this deployment: made by whichever instance
 * starts first, sealed as signing keys are, and the same after a restart. KD-09, AS-272.
 *
 * It is read once, and does not rotate by itself: both ends get it at the same start.
 *
 * @throws ConfigurationError for a ring that these secrets do not open; StoreUnavailableError when the
 *   store cannot answer.
 */
export async function sharedEncryptionKeys(
  options: SharedEncryptionKeysOptions,
): Promise<SharedEncryptionKeys> {
  const where = 'sharedEncryptionKeys';
  const configuration = parseConfiguration(where, sharedEncryptionKeysOptions, options);
  const ring = new SealedRing({ ...configuration, schema: encryptionKeysSchema });
  const { content: keys } = await ring.update(
    async (found) => found ?? [await generateEncryptionKeys()],
  );
  const [current] = keys;
  if (current === undefined) throw new TypeError('The schema lets no ring be empty.');
  return { ...current, decryptionJwks: keys.map(({ privateJwk }) => privateJwk) };
}
