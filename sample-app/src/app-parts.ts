import type {
  AuthorizationServerOptions,
  AuthorizationServerStores,
  SharedEncryptionKeys,
  SigningKeys,
} from '@keybound/authorization-server';
import type { AuditLog, Clock, ReplayStore } from '@keybound/core';
import type { Metrics } from './metrics/metrics.js';
import type { AppStorage } from './storage/app-storage.js';

/**
 * What the app is built from, so that a test can hand in its own.
 *
 * `close` closes what was opened for the app; what a test handed in is the test's.
 */
export interface AppParts extends Pick<AppStorage, 'services' | 'settledAt' | 'close'> {
  readonly clock: Clock;
  readonly replay: ReplayStore;
  readonly stores: AuthorizationServerStores;
  /** What the app signs with. */
  readonly keys: SigningKeys;
  /** What issuers encrypt symmetric keys to that only the API may read. */
  readonly apiEncryption: SharedEncryptionKeys;
  /** What nonces are made from, the first one for new ones; all instances share them. */
  readonly nonceSecrets: readonly string[];
  /** Clients that an operator knows, beside those that register themselves. */
  readonly clients?: AuthorizationServerOptions['clients'];
  /** Where refusals are told. */
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  /** What no log line may hold. */
  readonly secrets: readonly string[];
}

export const AppParts = Symbol('AppParts');
