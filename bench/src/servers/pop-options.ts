import { InMemoryReplayStore } from '@keybound/core';
import type { PopOptions } from '@keybound/pop';
import { issuer, origin, resource, type Scenario } from '../scenario.js';

/** The `baseline` preset as it is; `development`, since a bench is one process without TLS. */
export function popOptions({ issuerJwk }: Scenario): PopOptions {
  return {
    preset: 'baseline',
    deployment: 'development',
    resource,
    publicBaseUrl: origin,
    issuers: [{ issuer, jwks: { keys: [issuerJwk] } }],
    replay: { store: new InMemoryReplayStore() },
    audit: {
      record: () => undefined,
    },
  };
}
