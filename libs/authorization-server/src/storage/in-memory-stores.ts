import { InMemoryClientStore } from './in-memory-client-store.js';
import { InMemoryCounterStore } from './in-memory-counter-store.js';
import { InMemoryGrantStore } from './in-memory-grant-store.js';
import { InMemorySessionStore } from './in-memory-session-store.js';
import type { InMemoryStoreOptions } from './in-memory/room.js';
import type { AuthorizationServerStores } from './stores.js';

/**
 * Every port in the memory of this process, for tests and for trying things out: all is lost when it
 * ends, and nothing is shared with other instances.
 *
 * @throws ConfigurationError for impossible options.
 */
export function inMemoryStores(options: InMemoryStoreOptions = {}): AuthorizationServerStores {
  return {
    grants: new InMemoryGrantStore(options),
    clients: new InMemoryClientStore(options),
    sessions: new InMemorySessionStore(options),
    counters: new InMemoryCounterStore(options),
  };
}
