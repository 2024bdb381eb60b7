import { deriveSecret, systemClock } from '@keybound/core';
import type { AppParts } from './app-parts.js';
import { loggedAudit } from './log/loggers.js';
import { CountedAudit } from './metrics/counted-audit.js';
import { measuredStore, measuredStores } from './metrics/measured-store.js';
import { Metrics } from './metrics/metrics.js';
import { openKeys } from './open-keys.js';
import { instanceSecrets } from './secrets/instance-secrets.js';
import { passwordsIn } from './secrets/passwords-in.js';
import type { Settings } from './settings/settings.js';
import { checkPlace } from './storage/check-place.js';
import { openStorage } from './storage/open-storage.js';

/**
 * The parts that the settings ask for, but for those that are given. Whoever opens them closes them.
 *
 * @throws ConfigurationError, StoreUnavailableError and UpstreamError, in words for the operator.
 */
export async function openParts(
  settings: Settings,
  given: Partial<AppParts> = {},
): Promise<AppParts> {
  const { clock = systemClock } = given;
  checkPlace(settings);
  const secrets = await instanceSecrets(settings);
  const nonceSecrets = secrets.map((secret) => deriveSecret(secret, 'nonces'));
  const known = [...secrets, ...nonceSecrets, ...passwordsIn(settings)];
  const metrics = new Metrics();
  const audit = new CountedAudit(metrics, given.audit ?? loggedAudit(settings, known));

  const storage = await openStorage(settings, { clock, audit });
  const { stores, replay } = storage;
  try {
    const ring = await openKeys(
      settings,
      { store: storage.keys, secrets, clock, audit },
      given.keys,
    );
    const { keys, apiEncryption } = ring;
    const services = [...storage.services, ...ring.services];
    const close = async () => {
      try {
        await ring.close();
      } finally {
        await storage.close();
      }
    };
    const settledAt = () => storage.settledAt();
    const kept = { stores, replay, keys, apiEncryption, nonceSecrets, secrets: known };
    return measured({ clock, ...kept, services, settledAt, close, ...given, metrics, audit });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** Those that a test handed in are measured as well. */
function measured(parts: AppParts): AppParts {
  const { metrics } = parts;
  return {
    ...parts,
    stores: measuredStores(parts.stores, metrics),
    replay: measuredStore('replay', parts.replay, metrics),
  };
}
