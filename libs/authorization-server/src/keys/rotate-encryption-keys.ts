import { ConfigurationError, generateEncryptionKeys, parseConfiguration } from '@keybound/core';
import {
  rotateEncryptionKeysOptions,
  type RotateEncryptionKeysOptions,
} from './rotate-encryption-keys.schema.js';
import { SealedRing } from './sealed-ring.js';
import { encryptionRingSchema, type EncryptionRing } from './shared-encryption-keys.schema.js';

type Step = RotateEncryptionKeysOptions['step'];

const stepBefore = { next: 'alone', current: 'next', alone: 'current' } as const;

/**
 * Takes the keys of `sharedEncryptionKeys` one step on, for an operator. Three steps replace a pair, and
 * after each all instances are started anew, since they read the ring when they start (THR-64):
 *
 * 1. `next`: a new pair is there. Instances open what is encrypted to it, and encrypt to the old one.
 * 2. `current`: they encrypt to the new pair, and still open what is encrypted to the old one.
 * 3. `alone`: the old pair is gone. To be taken when all that was encrypted to it has expired.
 *
 * A step that was taken already changes nothing, so that it may be part of every deployment.
 *
 * @throws ConfigurationError where another step comes first, there is no such ring, or these secrets do
 *   not open it; StoreUnavailableError when the store cannot answer.
 */
export async function rotateEncryptionKeys(options: RotateEncryptionKeysOptions): Promise<void> {
  const where = 'rotateEncryptionKeys';
  const { step, ...configuration } = parseConfiguration(
    where,
    rotateEncryptionKeysOptions,
    options,
  );
  const { name } = configuration;
  const ring = new SealedRing({ ...configuration, schema: encryptionRingSchema });
  await ring.update(async (found) => {
    if (found === undefined) throw refused(name, 'is not there; start a server that has it first');
    const taken = stepOf(found);
    if (taken === step) return found;
    if (taken === stepBefore[step]) return advanced(found);
    throw refused(name, `is at "${taken}"; "${step}" comes after "${stepBefore[step]}"`);
  });
}

function stepOf({ next, previous }: EncryptionRing): Step {
  if (next !== undefined) return 'next';
  return previous === undefined ? 'alone' : 'current';
}

async function advanced({ current, next, previous }: EncryptionRing): Promise<EncryptionRing> {
  if (next !== undefined) return { current: next, previous: current };
  return previous === undefined ? { current, next: await generateEncryptionKeys() } : { current };
}

function refused(name: string, why: string): ConfigurationError {
  return new ConfigurationError(`The key ring "${name}" ${why}.`);
}
