import type { ClientStore } from './client-store.js';
import type { CounterStore } from './counter-store.js';
import type { GrantStore } from './grant-store.js';
import type { SessionStore } from './session-store.js';

/** The ports of an authorization server, each what one transaction needs. */
export interface AuthorizationServerStores {
  readonly grants: GrantStore;
  readonly clients: ClientStore;
  readonly sessions: SessionStore;
  readonly counters: CounterStore;
}
