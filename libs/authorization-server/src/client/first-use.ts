import type { Client } from '../extension/client.js';
import type { ClientStore } from '../storage/client-store.js';

const waiting = new WeakSet<Client>();

/** Notes that this client goes away unless it is used. AS-216. */
export function awaitFirstUse(client: Client): void {
  waiting.add(client);
}

/** The client was used: it stays. Asks the store for the first use only. */
export async function noteUse(client: Client, clients: ClientStore): Promise<void> {
  if (!waiting.has(client)) return;
  await clients.markUsed(client.id);
  waiting.delete(client);
}
