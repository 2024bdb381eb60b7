import type { StorageSetting } from './storage-setting.js';

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
  /** How long database and Redis may take for an answer. */
  readonly storeTimeoutMs: number;
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
