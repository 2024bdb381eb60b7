import {
  sharedEncryptionKeys,
  sharedSigningKeys,
  type KeyStore,
  type SigningKeys,
} from '@keybound/authorization-server';
import { ConfigurationError, type AuditLog, type Clock } from '@keybound/core';
import type { AppParts } from './app-parts.js';
import { signersFrom } from './keys/held-elsewhere.js';
import type { Settings } from './settings/settings.js';
import type { BackingService } from './storage/app-storage.js';
import { stateFolder } from './storage/state-folder.js';

/** What keys are kept in, and under. */
export interface KeyRing {
  readonly store: KeyStore;
  /** At least one; the first one serves. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly audit: AuditLog;
}

interface OpenedSigningKeys extends Pick<AppParts, 'keys'> {
  readonly services: readonly BackingService[];
  close(): Promise<void>;
}

export interface OpenedKeys extends OpenedSigningKeys, Pick<AppParts, 'apiEncryption'> {}

/**
 * The keys that all instances share: made by the first one, or held by the process that `KEY_HOLDER`
 * names.
 *
 * @param given In their place, by a test.
 * @throws ConfigurationError for a secret that is not theirs; StoreUnavailableError; UpstreamError where
 *   the holder does not answer.
 */
export async function openKeys(
  { keyHolder }: Pick<Settings, 'keyHolder'>,
  ring: KeyRing,
  given: SigningKeys | undefined,
): Promise<OpenedKeys> {
  const { store, secrets } = ring;
  const apiEncryption = await opened(sharedEncryptionKeys({ store, secrets: [...secrets] }));
  if (given !== undefined) return { ...own(given), apiEncryption };
  const signing = keyHolder === undefined ? await keysIn(ring) : await keysHeldAt(keyHolder);
  return { ...signing, apiEncryption };
}

function own(keys: SigningKeys): OpenedSigningKeys {
  return { keys, services: [], close: () => Promise.resolve() };
}

async function keysIn({ secrets, ...ring }: KeyRing): Promise<OpenedSigningKeys> {
  const keys = await opened(
    sharedSigningKeys({ ...ring, secrets: [...secrets], algorithms: ['ES256', 'RS256'] }),
  );
  return { keys, services: [], close: () => keys.close() };
}

/** In the words of the operator, who gave the secret by its variable. */
async function opened<Keys>(opening: Promise<Keys>): Promise<Keys> {
  try {
    return await opening;
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new ConfigurationError(
      `The keys in STORAGE do not open with KEYBOUND_SECRET (where that is unset, ${stateFolder}/secret).`,
      { cause },
    );
  }
}

async function keysHeldAt(socketPath: string): Promise<OpenedSigningKeys> {
  const keys = await signersFrom(socketPath);
  return {
    keys,
    services: [{ name: 'key holder', check: () => keys.check() }],
    close: async () => {
      keys.close();
    },
  };
}
