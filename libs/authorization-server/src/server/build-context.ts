import { guardedHttp, nonceModeOf, systemClock, type AuditLog } from '@keybound/core';
import { dpopPolicy } from '@keybound/pop';
import { authenticateClient } from '../client-authentication/authenticate-client.js';
import { originOf, issuerPath } from '../endpoint/endpoint-table.js';
import type { AuthorizationServerServices } from '../extension/plug-in.js';
import { ResourceDirectory } from '../issuing/resource-directory.js';
import type { AuthorizationServerConfiguration } from './options.schema.js';
import { resolveClient } from './resolve-client.js';
import type { AssembledExtensions, ServerContext } from './server-context.js';
import { spendUses } from './spend-uses.js';

/** What plug-ins are built with, and what the server's own features are. */
export interface Foundations {
  readonly services: AuthorizationServerServices;
  readonly context: ServerContext;
  /** Completes the context; nothing may ask for its extensions before. */
  readonly plugIn: (extensions: AssembledExtensions) => void;
}

/** Everything but what is plugged in, which is built with it. */
export function buildContext(
  configuration: AuthorizationServerConfiguration,
  defaultAudit: AuditLog,
): Foundations {
  let extensions: AssembledExtensions | undefined;
  const { issuer, deployment, stores, replay, keys, accounts } = configuration;
  const { audit = defaultAudit, clock = systemClock, http = guardedHttp() } = configuration;
  const base = originOf(issuer) + issuerPath(issuer);
  const services: AuthorizationServerServices = {
    issuer,
    urlOf: (path) => base + path,
    deployment,
    clock,
    audit,
    http,
    stores,
    replay: replay.store,
    keys,
    resolveClient: (clientId, resolution) => resolveClient(context, clientId, resolution),
    authenticateClient: (request, endpoint) => authenticateClient(context, request, endpoint),
    spend: (uses, request) => spendUses(replay.store, uses, request.now),
  };
  const nonces = nonceModeOf(configuration.nonces, 'authorization server', issuer);
  const { dpop } = configuration;
  const context: ServerContext = {
    ...services,
    configuration,
    accounts,
    resources: new ResourceDirectory(configuration),
    get extensions() {
      if (extensions === undefined) throw new Error('Nothing is plugged in before all are built.');
      return extensions;
    },
    dpop: dpop === 'off' ? undefined : dpopPolicy({ ...dpop, nonces }),
    nonces,
  };
  return { services, context, plugIn: (assembled) => (extensions = assembled) };
}
