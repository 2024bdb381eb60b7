import type { JsonObject, JsonValue } from '@keybound/core';
import { originOf } from '../endpoint/endpoint-table.js';
import { ownMembers } from '../metadata/server-metadata.js';
import type { Feature } from './assemble-extensions.js';
import { refuseToStart } from './refuse-to-start.js';
import type { ServerContext } from './server-context.js';

/** Lists to which no plug-in may add: what they would name, the server does not do. */
const closed: ReadonlySet<string> = new Set([
  'response_types_supported',
  'code_challenge_methods_supported',
]);

interface Said {
  /** Undefined: the server, whatever is plugged in. */
  readonly feature: string | undefined;
  readonly value: JsonValue;
}

/**
 * Lists of several features become one in the metadata; of anything else only one can be right.
 * AS-200.
 *
 * @throws ConfigurationError that lists every member of which two features say different things, or a
 *   plug-in something else than the server.
 */
export function checkMetadata(features: readonly Feature[], context: ServerContext): void {
  const problems: string[] = [];
  const first = new Map<string, Said>();
  for (const [name, value] of Object.entries(ownMembers(context))) {
    if (value !== undefined) first.set(name, { feature: undefined, value });
  }
  for (const feature of features) {
    for (const [name, value] of membersOf(feature, context)) {
      if (value === undefined) continue;
      const said = first.get(name);
      if (said === undefined) {
        first.set(name, { feature: feature.name, value });
      } else if (contradicts(value, said.value) || (!feature.builtIn && closed.has(name))) {
        problems.push(
          said.feature === undefined
            ? `"${feature.name}" sets the metadata member "${name}", which the server sets`
            : `"${said.feature}" and "${feature.name}" both set the metadata member "${name}"; leave one out`,
        );
      }
    }
  }
  refuseToStart(problems);
}

function contradicts(value: JsonValue, said: JsonValue): boolean {
  if (Array.isArray(value) && Array.isArray(said)) return false;
  return JSON.stringify(value) !== JSON.stringify(said);
}

function membersOf({ extensions }: Feature, context: ServerContext) {
  const origin = originOf(context.issuer);
  const { endpoints = [], contributors = [] } = extensions;
  const { clientAuthenticationMethods = [], tokenBinders = [] } = extensions;
  const parts: readonly JsonObject[] = [
    ...endpoints.map((endpoint) => {
      const { below, path } = endpoint;
      return endpoint.metadata?.(below === 'origin' ? origin + path : context.urlOf(path)) ?? {};
    }),
    ...contributors.map(({ metadata }) => metadata?.() ?? {}),
    ...clientAuthenticationMethods.map(({ metadata = {} }) => metadata),
    ...tokenBinders.map(({ metadata = {} }) => metadata),
  ];
  return parts.flatMap((part) => Object.entries(part));
}
