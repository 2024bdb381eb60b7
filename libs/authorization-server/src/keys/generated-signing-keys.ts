import { encodeBase64url, parseConfiguration, systemClock } from '@keybound/core';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import {
  generatedSigningKeysOptions,
  type GeneratedSigningKeysOptions,
} from './generated-signing-keys.schema.js';
import { RingSigningKeys } from './ring-signing-keys.js';
import type { RotatingSigningKeys } from './rotating-signing-keys.js';

/**
 * Keys that live and die with this process, and rotate when told. AS-207, THR-64, OIDC-13.
 *
 * For one instance: another has other keys. Several share keys by `sharedSigningKeys`.
 *
 * @throws ConfigurationError for options that make no sense.
 */
export async function generatedSigningKeys(
  options: GeneratedSigningKeysOptions,
): Promise<RotatingSigningKeys> {
  const { clock = systemClock, ...rotation } = parseConfiguration(
    'generatedSigningKeys',
    generatedSigningKeysOptions,
    options,
  );
  return RingSigningKeys.open({
    store: new InMemoryKeyStore(),
    secrets: [encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))],
    terms: { ...rotation, rotateEverySeconds: Infinity, refreshSeconds: 0 },
    clock,
  });
}
