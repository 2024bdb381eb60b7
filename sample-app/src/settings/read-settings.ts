import { parseConfiguration } from '@keybound/core';
import type { z } from 'zod';
import { contradictions } from './contradictions.js';
import { environment } from './environment.schema.js';
import type { Settings } from './settings.js';
import type { StorageSetting } from './storage-setting.js';

/**
 * Reads the environment, once. A variable that is set but empty counts as unset.
 *
 * @param storage Where `STORAGE` is unset. Tests and demos leave nothing behind.
 * @throws ConfigurationError that lists every problem, unsupported variables among them.
 */
export function readSettings(
  variables: Readonly<Record<string, string | undefined>>,
  storage: StorageSetting = { kind: 'memory' },
): Settings {
  const present = Object.entries(variables).filter(([, value]) => value !== '');
  const settings = environment
    .transform((variables) => settingsOf(variables, storage))
    .superRefine((value, context) => {
      for (const { variable, problem } of contradictions(value)) {
        context.addIssue({ code: 'custom', path: [variable], message: problem });
      }
    });
  return parseConfiguration('The sample app', settings, Object.fromEntries(present));
}

function settingsOf(env: z.output<typeof environment>, storage: StorageSetting): Settings {
  return {
    ...deploymentOf(env.NODE_ENV, env.ISSUER ?? localhost(env.PORT)),
    adapter: env.HTTP_ADAPTER,
    port: env.PORT,
    trustedIssuers: env.TRUSTED_ISSUERS,
    loopbackFetch: env.ALLOW_LOOPBACK_FETCH === '1',
    serverNonces: env.SERVER_NONCES,
    storage: env.STORAGE ?? storage,
    redisUrl: env.REDIS_URL,
    storeTimeoutMs: env.STORE_TIMEOUT,
    secrets: env.KEYBOUND_SECRET ?? [],
    keyHolder: env.KEY_HOLDER,
    symmetricPop: env.SYMMETRIC_POP === '1',
    shrProfile: env.SHR_PROFILE,
    shutdownDelaySeconds: env.SHUTDOWN_DELAY,
  };
}

function deploymentOf(
  environment: string,
  issuer: string,
): Pick<Settings, 'deployment' | 'issuer' | 'logs' | 'loopbackIdentifiers'> {
  const deployment = environment === 'production' ? 'production' : 'development';
  const loopbackIdentifiers = deployment === 'development' && isLoopback(issuer);
  const logs = deployment === 'production' ? 'json' : 'text';
  return { deployment, issuer, logs, loopbackIdentifiers };
}

function isLoopback(issuer: string): boolean {
  return /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(issuer);
}

function localhost(onPort: number): string {
  return onPort === 80 ? 'http://localhost' : `http://localhost:${onPort}`;
}
