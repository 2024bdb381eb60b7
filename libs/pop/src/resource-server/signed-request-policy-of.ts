import type { NonceMode } from '@keybound/core';
import {
  microsoftProfile,
  standardProfile,
  type SignedRequestPolicy,
} from '../signed-http-request/signed-request-policy.js';
import type { PopConfiguration } from './pop-options.schema.js';

export type SignedRequestSection = Exclude<PopConfiguration['signedHttpRequest'], 'off'>;

/** What the options say about signed HTTP requests, as their verifier wants it. */
export function signedRequestPolicyOf(
  section: SignedRequestSection,
  nonces: NonceMode,
): SignedRequestPolicy {
  const { symmetricKeys } = section;
  return {
    algorithms: new Set(section.algorithms),
    macs: new Set(symmetricKeys === 'off' ? [] : ['HS256' as const]),
    unidentifiedMacs: symmetricKeys === 'off' ? 'refused' : symmetricKeys.unidentified,
    require: new Set(section.require),
    requireBody: section.requireBody,
    maxAgeSeconds: section.maxAgeSeconds,
    futureSkewSeconds: section.futureSkewSeconds,
    transports: new Set(section.transports),
    rejectUnsignedQuery: section.rejectUnsignedQuery,
    requiredHeaders: section.requiredHeaders,
    requirePort: section.requirePort,
    replay: section.replay,
    nonces,
    profile: profileOf(section),
  };
}

export function profileOf({ profile }: SignedRequestSection): SignedRequestPolicy['profile'] {
  switch (profile) {
    case 'standard':
      return standardProfile;
    case 'microsoft':
      return microsoftProfile;
    default:
      return profile;
  }
}
