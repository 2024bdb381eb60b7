import { guardedHttp } from '@keybound/core';
import { protectedResourceMetadataUrl } from '@keybound/pop';
import type { PopOptions } from '@keybound/pop/nest';
import type { AppParts } from '../app-parts.js';
import type { DevelopmentIssuer } from '../development-issuer/development-issuer.js';
import type { Settings } from '../settings.js';

/** How the API judges requests. */
export function popOptions(
  settings: Settings,
  parts: AppParts,
  developmentIssuer: DevelopmentIssuer | undefined,
): PopOptions {
  const { issuer, deployment, trustedIssuers, loopbackFetch, serverNonces } = settings;
  const resource = `${issuer}/api`;
  const own = developmentIssuer === undefined ? [] : [{ issuer, keys: developmentIssuer.keys }];
  return {
    preset: 'baseline',
    deployment,
    resource,
    publicBaseUrl: issuer,
    resourceMetadata: protectedResourceMetadataUrl(resource),
    issuers: [...trustedIssuers, ...own],
    replay: { store: parts.replay },
    nonces:
      serverNonces === 'off' ? { mode: 'off' } : { mode: 'required', secrets: [secretOfThisRun()] },
    http: guardedHttp({ allowLoopback: loopbackFetch }),
    ...(loopbackFetch && { failureCooldownSeconds: 1 }),
    clock: parts.clock,
    ...(parts.audit !== undefined && { audit: parts.audit }),
  };
}

/** Good for one process: several instances would have to share theirs. */
function secretOfThisRun(): string {
  return crypto.randomUUID() + crypto.randomUUID();
}
