import type { Extensions } from '../extension/plug-in.js';
import { additionsOf } from './additions-of.js';
import { refuseToStart } from './refuse-to-start.js';
import { reservedMembers } from './reserved-members.js';
import type { AssembledExtensions } from './server-context.js';

/** What one feature adds: the server's own, or a plug-in. */
export interface Feature {
  readonly name: string;
  readonly builtIn: boolean;
  readonly extensions: Extensions;
}

/**
 * Puts together what the features add. No two may add the same, and no plug-in may set what the
 * server sets (AS-182): which of them wins would depend on the order of imports.
 *
 * @throws ConfigurationError that lists every clash.
 */
export function assembleExtensions(features: readonly Feature[]): AssembledExtensions {
  refuseToStart([...clashes(features), ...features.flatMap((feature) => [...unsound(feature)])]);
  const all = features.map(({ extensions }) => extensions);
  return {
    clientResolvers: all.flatMap(({ clientResolvers = [] }) => clientResolvers),
    clientAuthenticationMethods: mapOf(
      all.flatMap(({ clientAuthenticationMethods = [] }) => clientAuthenticationMethods),
      ({ name }) => name,
    ),
    grantTypes: mapOf(
      all.flatMap(({ grantTypes = [] }) => grantTypes),
      ({ grantType }) => grantType,
    ),
    tokenBinders: all.flatMap(({ tokenBinders = [] }) => tokenBinders),
    contributors: all.flatMap(({ contributors = [] }) => contributors),
    authorizationRequestValidators: all.flatMap(
      ({ authorizationRequestValidators = [] }) => authorizationRequestValidators,
    ),
    authorizationDetailsTypes: mapOf(
      all.flatMap(({ authorizationDetailsTypes = [] }) => authorizationDetailsTypes),
      ({ type }) => type,
    ),
    endpoints: all.flatMap(({ endpoints = [] }) => endpoints),
    recordSlots: mapOf(
      all.flatMap(({ recordSlots = [] }) => recordSlots),
      ({ name }) => name,
    ),
  };
}

function mapOf<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [nameOf(item), item]));
}

function* clashes(features: readonly Feature[]): Generator<string> {
  const names = new Set<string>();
  const addedBy = new Map<string, string>();
  for (const { name, extensions } of features) {
    if (names.has(name)) yield `two plug-ins are called "${name}"; leave one out`;
    names.add(name);
    for (const addition of additionsOf(extensions)) {
      const other = addedBy.get(addition);
      if (other !== undefined) {
        yield `"${other}" and "${name}" both add ${addition}; leave one out`;
      }
      addedBy.set(addition, name);
    }
  }
}

const maxSlotBytes = 4_096;
const endpointPath = /^(?:\/[A-Za-z0-9\-._~]+)+$/;

function* unsound({ name, builtIn, extensions }: Feature): Generator<string> {
  for (const { path } of extensions.endpoints ?? []) {
    if (!endpointPath.test(path)) {
      yield `"${name}" adds an endpoint at "${path}", which is no plain path; begin it with a slash and end it without`;
    }
  }
  for (const slot of extensions.recordSlots ?? []) {
    if (slot.maxBytes > maxSlotBytes) {
      yield `"${name}" keeps up to ${slot.maxBytes} octets in "${slot.name}"; keep at most ${maxSlotBytes}`;
    }
  }
  if (builtIn) return;
  const reserved = new Set(reservedMembers);
  for (const addition of additionsOf(extensions)) {
    if (reserved.has(addition)) yield `"${name}" adds ${addition}, which the server sets itself`;
  }
}
