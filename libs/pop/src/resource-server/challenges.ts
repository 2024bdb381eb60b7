import type { Challenge, ErrorSurface, Seconds } from '@keybound/core';
import { noCoverage } from '../confirmation/coverage.js';
import type { PopDemand } from './pop-demand.schema.js';
import {
  presentationSchemes,
  type Presentation,
  type PresentationScheme,
} from '../presentation/presentation.js';
import type { ResourcePolicy } from './resource-policy.js';

/** The challenges of an answer, and the fields that go with them. */
export interface Challenges {
  readonly surface: Extract<ErrorSurface, { kind: 'resource' }>;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Which challenges a refusal carries, and in which of them the error stands.
 *
 * The error stands in the challenge of the scheme that was used; where that one is not offered, in
 * the one of `DPoP`, or else in the first. A request under `PoP` is answered with `PoP` alone.
 */
export function challengesFor(
  policy: ResourcePolicy,
  demand: PopDemand,
  used: readonly PresentationScheme[],
  now: Seconds,
): Challenges {
  const demanded = offeredPresentations(policy, demand);
  const offered = demanded.length > 0 ? demanded : offeredPresentations(policy, anything);
  const onlyPop = used.length === 1 && used[0] === 'PoP';
  const answering = onlyPop && offered.some(isPop) ? offered.filter(isPop) : offered;
  const challenges: Challenge[] = [];
  const fields: (readonly [string, string])[] = [];
  for (const presentation of answering) {
    const parts = presentation.challenge(presentation.freshNonce(now));
    const common = commonParameters(policy, presentation.scheme);
    challenges.push({
      scheme: presentation.scheme,
      leading: parts.leading,
      parameters: [...parts.parameters, ...scopeParameter(demand), ...common],
    });
    fields.push(...parts.fields);
  }
  const schemes = answering.map(({ scheme }) => scheme);
  return { surface: { kind: 'resource', challenges, errorIn: errorIn(schemes, used) }, fields };
}

/** A 401 must offer something (RFC 9110 §15.5.2), even where no method that a route admits is configured. */
const anything: PopDemand = {
  scopes: [],
  acrValues: undefined,
  maxAuthenticationAgeSeconds: undefined,
  methods: undefined,
  coverage: noCoverage,
};

/** Those whose method the route admits; `Bearer` only where a token under it could be taken. */
export function offeredPresentations(
  policy: ResourcePolicy,
  demand: PopDemand,
): readonly Presentation[] {
  const offered = policy.presentations.filter(({ scheme }) => isOffered(scheme, policy, demand));
  return [...offered].sort((a, b) => orderOf(a) - orderOf(b));
}

function isOffered(scheme: PresentationScheme, policy: ResourcePolicy, demand: PopDemand): boolean {
  const admits = (method: 'dpop' | 'signed-http-request' | 'http-message-signature' | 'mtls') =>
    demand.methods?.has(method) ?? true;
  switch (scheme) {
    case 'PoP':
      return admits('signed-http-request');
    case 'DPoP':
      return admits('dpop');
    case 'HTTPSig':
      return admits('http-message-signature');
    case 'Bearer': {
      const unbound = policy.unboundTokens === 'accepted' && demand.methods === undefined;
      const certificates = policy.confirmations.some(({ method }) => method === 'mtls');
      return unbound || (certificates && admits('mtls'));
    }
  }
}

function errorIn(
  answering: readonly PresentationScheme[],
  used: readonly PresentationScheme[],
): ReadonlySet<string> {
  const present = used.filter((scheme) => answering.includes(scheme));
  if (used.length === 0 || present.length > 0) return new Set(present);
  const [first] = answering;
  if (answering.includes('DPoP')) return new Set(['DPoP']);
  return new Set(first === undefined ? [] : [first]);
}

/** RFC 6750 §3: the `Bearer` challenge must have a parameter. RFC 9728 §5.1 for the other one. */
function commonParameters(policy: ResourcePolicy, scheme: PresentationScheme) {
  const { resourceMetadata, resource } = policy;
  if (resourceMetadata !== undefined) return [['resource_metadata', resourceMetadata] as const];
  return scheme === 'Bearer' || scheme === 'PoP' ? [['realm', resource] as const] : [];
}

function scopeParameter(demand: PopDemand) {
  return demand.scopes.length === 0 ? [] : [['scope', demand.scopes.join(' ')] as const];
}

function isPop({ scheme }: Presentation): boolean {
  return scheme === 'PoP';
}

function orderOf({ scheme }: Presentation): number {
  return presentationSchemes.indexOf(scheme);
}
