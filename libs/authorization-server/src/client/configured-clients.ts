import { accept, ConfigurationError, type JsonObject } from '@keybound/core';
import type { Client, ClientMetadata, ClientResolver } from '../extension/client.js';
import { hashOf } from '../server/secrets.js';
import type { AuthorizationServerConfiguration } from '../server/options.schema.js';
import type { ServerContext } from '../server/server-context.js';
import type { ClientKeys } from './client-keys.js';
import { usesSecret } from './client-secret-methods.js';
import { rulesAtStart } from './metadata-rules.js';
import { parseClientMetadata } from './parse-client-metadata.js';

type ConfiguredClient = AuthorizationServerConfiguration['clients'][number];

/**
 * Clients that the operator wrote down. Parsed at start, like a registration.
 *
 * @throws ConfigurationError that lists what is wrong with each of them.
 */
export function configuredClients(context: ServerContext, keys: ClientKeys): ClientResolver {
  const parsed = parseClients(context);
  const clients = new Map<string, Promise<Client>>();
  return {
    name: 'configured',
    resolve: async (clientId) => {
      const entry = parsed.get(clientId);
      if (entry === undefined) return undefined;
      let client = clients.get(clientId);
      if (client === undefined) {
        client = toClient(entry.configured, entry.metadata, keys);
        clients.set(clientId, client);
      }
      return accept(await client);
    },
  };
}

interface ParsedClient {
  readonly configured: ConfiguredClient;
  readonly metadata: ClientMetadata;
}

function parseClients(context: ServerContext): ReadonlyMap<string, ParsedClient> {
  const rules = rulesAtStart(context);
  const parsed = new Map<string, ParsedClient>();
  const problems: string[] = [];
  context.configuration.clients.forEach((configured, index) => {
    const where = `  - clients.${String(index)}`;
    const metadata = parseClientMetadata(configured.metadata as JsonObject, rules);
    if (!metadata.ok) {
      problems.push(`${where}.metadata.${metadata.failure.member}: ${metadata.failure.problem}`);
      return;
    }
    if (usesSecret(metadata.value) !== configured.secrets.length > 0) {
      const method = metadata.value.token_endpoint_auth_method;
      problems.push(`${where}.secrets: do not fit the authentication method ${method}`);
    }
    parsed.set(configured.client_id, { configured, metadata: metadata.value });
  });
  if (problems.length === 0) return parsed;
  throw new ConfigurationError(`AuthorizationServer cannot start:\n${problems.join('\n')}`);
}

async function toClient(
  { client_id: id, secrets, standing, relaxations }: ConfiguredClient,
  metadata: ClientMetadata,
  keys: ClientKeys,
): Promise<Client> {
  const hashes = await Promise.all(secrets.map(hashOf));
  const own = await keys.of(metadata);
  if (metadata.jwks !== undefined && own === undefined) {
    throw new ConfigurationError(`The jwks of the client "${id}" cannot be used.`);
  }
  return {
    id,
    metadata,
    keys: own,
    secrets: hashes.map((hash) => ({ hash, expiresAt: undefined })),
    source: 'configured',
    expiresAt: undefined,
    obligations: {},
    standing,
    relaxations: new Set(relaxations),
  };
}
