import {
  ConfigurationError,
  parseConfiguration,
  publicUrlOf,
  splitHttpUrl,
  type AuditLog,
  type PublicUrl,
} from '@keybound/core';
import { consoleAudit } from '@keybound/pop';
import { answerRequest } from '../endpoint/answer-request.js';
import { EndpointTable } from '../endpoint/endpoint-table.js';
import { maxContentBytes } from '../endpoint/read-content.js';
import { refuseUnreadable } from '../endpoint/refuse-unreadable.js';
import type { AuthorizationServerPlugIn } from '../extension/plug-in.js';
import { inProcessIntrospection } from '../introspection/in-process-introspection.js';
import { tokenStatus } from '../introspection/token-status.js';
import { serverMetadata } from '../metadata/server-metadata.js';
import { interactionsOf } from '../interaction/interactions.js';
import { assembleExtensions, type Feature } from './assemble-extensions.js';
import type { AuthorizationServer } from './authorization-server.js';
import { buildContext, type Foundations } from './build-context.js';
import { builtIn } from './built-in.js';
import { checkConfiguration } from './check-configuration.js';
import { checkMetadata } from './check-metadata.js';
import {
  authorizationServerOptions,
  type AuthorizationServerConfiguration,
  type AuthorizationServerOptions,
} from './options.schema.js';
import { warnOfChoices } from './warn-of-choices.js';

/**
 * Parses options, once, and builds the authorization server that they and the plug-ins describe.
 *
 * @param defaultAudit Where refusals are told where the options name no `audit`.
 * @throws ConfigurationError that says what to change.
 */
export async function buildAuthorizationServer(
  options: AuthorizationServerOptions,
  plugIns: readonly AuthorizationServerPlugIn[] = [],
  defaultAudit: AuditLog = consoleAudit,
): Promise<AuthorizationServer> {
  const where = 'The authorization server';
  const configuration = parseConfiguration(where, authorizationServerOptions, options);
  const publicUrl = publicUrlFor(configuration);
  checkConfiguration(configuration, publicUrl);
  const foundations = buildContext(configuration, defaultAudit);
  const { context, services } = foundations;
  const features = featuresOf(foundations, plugIns);
  const extensions = assembleExtensions(features);
  foundations.plugIn(extensions);
  checkMetadata(features, context);
  const { issuer } = configuration;
  const table = new EndpointTable(extensions.endpoints, issuer, publicUrl);
  for (const { extensions: added } of features) await added.start?.();
  warnOfChoices(context);
  return {
    issuer,
    publicUrl,
    maxContentBytes,
    owns: (path) => table.find(path) !== undefined,
    async handle(request) {
      if (!request.ok) return refuseUnreadable(context, request.failure);
      const endpoint = table.find(request.value.url.path);
      return endpoint === undefined ? undefined : answerRequest(context, endpoint, request.value);
    },
    interactions: interactionsOf(context),
    keys: configuration.keys.source,
    tokenStatus: tokenStatus(context),
    introspection: inProcessIntrospection(context),
    metadata: () => serverMetadata(context),
    services,
  };
}

function featuresOf(
  { context, services }: Foundations,
  plugIns: readonly AuthorizationServerPlugIn[],
): readonly Feature[] {
  const own = Object.entries(builtIn).map(([name, feature]) => ({
    name,
    builtIn: true,
    extensions: feature(context),
  }));
  const plugged = plugIns.map((plugIn) => ({
    name: plugIn.name,
    builtIn: false,
    extensions: plugIn.extend(services),
  }));
  return [...own, ...plugged];
}

/** AS-202: the issuer's origin, unless the options say more; `Host` alone never decides (AS-201). */
function publicUrlFor(configuration: AuthorizationServerConfiguration): PublicUrl {
  const { publicBaseUrl, forwarded, issuer } = configuration;
  if (publicBaseUrl !== undefined || forwarded !== undefined) {
    const publicUrl = publicUrlOf(configuration);
    if (publicUrl !== undefined) return publicUrl;
    throw new ConfigurationError(
      'The authorization server cannot start: set publicBaseUrl or forwarded, not both.',
    );
  }
  const url = splitHttpUrl(issuer);
  if (url === undefined)
    throw new ConfigurationError('The issuer must be an absolute http(s) URL.');
  return { kind: 'configured', base: { ...url, path: '', query: undefined } };
}
