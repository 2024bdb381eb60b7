import { parseConfiguration } from '@keybound/core';
import type { z } from 'zod';
import { contradictions } from './settings/contradictions.js';
import { environment } from './settings/environment.schema.js';
import type { StorageSetting } from './settings/storage-setting.js';

/** What the environment asks of the sample app, already parsed. */
export interface Settings {
  readonly deployment: 'production' | 'development';
  readonly adapter: 'express' | 'fastify';
  readonly port: number;
  /** Where clients reach the app; an origin. */
  readonly issuer: string;
  /** Other issuers whose tokens the API takes. */
  readonly trustedIssuers: readonly string[];
  /** Whether outgoing requests may reach this machine, and do so without TLS. */
  readonly loopbackFetch: boolean;
  /** Whether the log is for programs, and tells what went well too, or for people. */
  readonly logs: 'json' | 'text';
  readonly serverNonces: 'off' | 'required';
  readonly storage: StorageSetting;
  /** Keeps replay memory, counters and sessions, where there is one. May hold a password. */
  readonly redisUrl: string | undefined;
  /**
   * What keys at rest are encrypted under and nonces made from. The first one serves, the others are
   * understood: the previous one, or the next. None: it makes one of its own.
   */
  readonly secrets: readonly string[];
  /** The socket of the process that holds the signing keys; this one does where absent. */
  readonly keyHolder: string | undefined;
  /** Whether tokens may be bound to keys that the app makes for its clients. */
  readonly symmetricPop: boolean;
  /** Whether signed HTTP requests may bring the key that their token only names. */
  readonly shrProfile: 'standard' | 'microsoft';
  /** How long new connections are taken after the signal to end, while readiness says no. */
  readonly shutdownDelaySeconds: number;
  /** Whether http identifiers on this machine are taken for what they say. */
  readonly loopbackIdentifiers: boolean;
}

export const Settings = Symbol('Settings');

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
    serverNonces: env.SERVER_NONCES ?? 'off',
    storage: env.STORAGE ?? storage,
    redisUrl: env.REDIS_URL,
    secrets: env.KEYBOUND_SECRET ?? [],
    keyHolder: env.KEY_HOLDER,
    symmetricPop: env.SYMMETRIC_POP === '1',
    shrProfile: env.SHR_PROFILE ?? 'standard',
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
