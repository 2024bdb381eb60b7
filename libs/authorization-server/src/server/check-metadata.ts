import type { JsonObject } from '@keybound/core';
import { originOf } from '../endpoint/endpoint-table.js';
import type { Feature } from './assemble-extensions.js';
import { refuseToStart } from './refuse-to-start.js';
import type { ServerContext } from './server-context.js';

/** Of these, no plug-in may say anything. */
const ours: ReadonlySet<string> = new Set([
  'issuer',
  'authorization_response_iss_parameter_supported',
  'response_types_supported',
  'code_challenge_methods_supported',
]);

/**
 * Lists of several features become one in the metadata; of anything else only one can be right.
 * AS-200.
 *
 * @throws ConfigurationError that lists every member of which two features say different things.
 */
export function checkMetadata(features: readonly Feature[], context: ServerContext): void {
  const problems: string[] = [];
  const saidBy = new Map<string, { readonly feature: string; readonly value: string }>();
  for (const feature of features) {
    for (const [name, said] of membersOf(feature, context)) {
      const value = JSON.stringify(said);
      const other = saidBy.get(name);
      if (!feature.builtIn && ours.has(name)) {
        problems.push(
          `"${feature.name}" sets the metadata member "${name}", which the server sets`,
        );
      } else if (other !== undefined && other.value !== value && !Array.isArray(said)) {
        problems.push(
          `"${other.feature}" and "${feature.name}" both set the metadata member "${name}"; leave one out`,
        );
      }
      saidBy.set(name, { feature: feature.name, value });
    }
  }
  refuseToStart(problems);
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
