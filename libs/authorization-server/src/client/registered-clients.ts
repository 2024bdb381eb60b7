import { accept, BoundedCache, type Rejection, type Result } from '@keybound/core';
import type { Client, ClientResolution, ClientResolver } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientRecord } from '../storage/client-store.js';
import type { ClientKeys } from './client-keys.js';
import { awaitFirstUse } from './first-use.js';

const maxIdLength = 256;
const maxKeptClients = 1_000;

interface KeptClient {
  readonly version: number;
  readonly createdAt: number;
  readonly unused: boolean;
  readonly client: Client;
}

/**
 * Clients that registered themselves. RFC 7591.
 *
 * Every request asks the store, so that a client which is gone is gone at once; what is made of its
 * record, keys above all, is made once for each version.
 */
export class RegisteredClients implements ClientResolver {
  readonly name = 'registered';
  readonly #kept = new BoundedCache<string, KeptClient>(maxKeptClients);

  constructor(
    readonly context: Pick<ServerContext, 'stores'>,
    readonly keys: ClientKeys,
  ) {}

  async resolve(
    clientId: string,
    { now }: ClientResolution,
  ): Promise<Result<Client, Rejection> | undefined> {
    if (clientId.length > maxIdLength || clientId.startsWith('https://')) return undefined;
    const record = await this.context.stores.clients.find(clientId, now);
    return record === undefined ? undefined : accept(await this.#clientOf(record));
  }

  async #clientOf(record: ClientRecord): Promise<Client> {
    const { id, version, createdAt } = record;
    const unused = record.unusedExpiresAt !== undefined;
    const kept = this.#kept.get(id);
    if (kept?.version === version && kept.createdAt === createdAt && kept.unused === unused) {
      return kept.client;
    }
    const client = await this.#toClient(record);
    if (unused) awaitFirstUse(client);
    this.#kept.set(id, { version, createdAt, unused, client });
    return client;
  }

  async #toClient({ id, metadata, secrets, standing }: ClientRecord): Promise<Client> {
    return {
      id,
      metadata,
      keys: await this.keys.of(metadata),
      secrets,
      source: this.name,
      expiresAt: undefined,
      obligations: {},
      standing,
      relaxations: new Set(),
    };
  }
}
