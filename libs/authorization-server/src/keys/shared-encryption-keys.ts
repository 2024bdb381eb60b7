import {
  generateEncryptionKeys,
  parseConfiguration,
  type EncryptionKeys,
  type JsonObject,
} from '@keybound/core';
import { SealedRing } from './sealed-ring.js';
import {
  encryptionRingSchema,
  sharedEncryptionKeysOptions,
  type SharedEncryptionKeysOptions,
} from './shared-encryption-keys.schema.js';

/** Encryption keys that instances have in common. */
export interface SharedEncryptionKeys extends EncryptionKeys {
  /** Of the current pair first; what is encrypted to the next or the previous one opens as well. */
  readonly decryptionJwks: readonly JsonObject[];
}

/**
 * A key pair to which others encrypt, for a resource in this deployment: made by whichever instance
 * starts first, sealed as signing keys are, and the same after a restart. KD-09, AS-272.
 *
 * It is read once, and does not rotate by itself: both ends get it at the same start. See
 * `rotateEncryptionKeys`.
 *
 * @throws ConfigurationError for a ring that these secrets do not open; StoreUnavailableError when the
 *   store cannot answer.
 */
export async function sharedEncryptionKeys(
  options: SharedEncryptionKeysOptions,
): Promise<SharedEncryptionKeys> {
  const where = 'sharedEncryptionKeys';
  const configuration = parseConfiguration(where, sharedEncryptionKeysOptions, options);
  const ring = new SealedRing({ ...configuration, schema: encryptionRingSchema });
  const { content } = await ring.update(
    async (found) => found ?? { current: await generateEncryptionKeys() },
  );
  const { current, next, previous } = content;
  const pairs = [current, next, previous].filter((each) => each !== undefined);
  return { ...current, decryptionJwks: pairs.map(({ privateJwk }) => privateJwk) };
}
