import {
  BoundedCache,
  parseKeySet,
  remoteKeys,
  type JsonObject,
  type KeySource,
} from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';

const maxRemoteSets = 1_000;
const cooldownSeconds = 30;
/** AS-208: how long the last good set of a client is used while its host is down. */
const maxStaleSeconds = 3_600;

/** Where the keys of clients come from. AS-83, OIDC-14. */
export class ClientKeys {
  /** By `jwks_uri`: clients that name the same one cause one fetch, however many they are. */
  readonly #remote = new BoundedCache<string, KeySource>(maxRemoteSets);

  constructor(readonly context: Pick<ServerContext, 'http' | 'clock'>) {}

  /** Undefined for a client without keys, or with none that can be used. Fetches nothing yet. */
  async of({ jwks, jwks_uri: uri }: ClientMetadata): Promise<KeySource | undefined> {
    if (jwks !== undefined) return inlineKeys(jwks);
    return uri === undefined ? undefined : this.#remoteKeys(uri);
  }

  #remoteKeys(resolveUri: string): KeySource {
    const known = this.#remote.get(resolveUri);
    if (known !== undefined) return known;
    const { http, clock } = this.context;
    const source = remoteKeys({ http, clock, resolveUri, cooldownSeconds, maxStaleSeconds });
    this.#remote.set(resolveUri, source);
    return source;
  }
}

async function inlineKeys(jwks: JsonObject): Promise<KeySource | undefined> {
  const parsed = await parseKeySet(jwks);
  if (!parsed.ok) return undefined;
  const { keys } = parsed.value;
  return { find: (query) => Promise.resolve(keys.find(query)), has: (key) => keys.has(key) };
}
