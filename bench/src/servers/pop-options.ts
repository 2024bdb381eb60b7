import type { PopOptions } from '@keybound/pop';
import { issuer, origin, resource, type Scenario } from '../scenario.js';
import { openPlace } from '../stores/open-place.js';
import type { StorePlace } from '../stores/store-place.js';

/** The `baseline` preset as it is; `development`, since a bench is one process without TLS. */
export async function popOptions({ issuerJwk }: Scenario, place: StorePlace): Promise<PopOptions> {
  const { replay } = await openPlace(place);
  return {
    preset: 'baseline',
    deployment: 'development',
    resource,
    publicBaseUrl: origin,
    issuers: [{ issuer, jwks: { keys: [issuerJwk] } }],
    replay: { store: replay },
    audit: {
      record: () => undefined,
    },
  };
}
