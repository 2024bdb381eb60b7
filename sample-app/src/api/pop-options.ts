import type { AuthorizationServer } from '@keybound/authorization-server';
import { guardedHttp } from '@keybound/core';
import { baseline, protectedResourceMetadataUrl } from '@keybound/pop';
import type { PopOptions } from '@keybound/pop/nest';
import type { AppParts } from '../app-parts.js';
import type { Settings } from '../settings/settings.js';

/** How the API judges requests. */
export function popOptions(
  settings: Settings,
  parts: AppParts,
  { keys, tokenStatus: status }: AuthorizationServer,
): PopOptions {
  const { issuer, deployment, trustedIssuers, loopbackFetch, serverNonces } = settings;
  const resource = `${issuer}/api`;
  return {
    preset: 'baseline',
    deployment,
    resource,
    publicBaseUrl: issuer,
    resourceMetadata: protectedResourceMetadataUrl(resource),
    // Its own first: that is where its metadata sends those who have no token yet.
    issuers: [{ issuer, keys, status }, ...trustedIssuers],
    replay: { store: parts.replay },
    signedHttpRequest: {
      ...baseline.signedHttpRequest,
      profile: settings.shrProfile,
      symmetricKeys: settings.symmetricPop
        ? { decryptionKeys: [...parts.apiEncryption.decryptionJwks] }
        : 'off',
    },
    nonces:
      serverNonces === 'off'
        ? { mode: 'off' }
        : { mode: 'required', secrets: [...parts.nonceSecrets] },
    http: guardedHttp({ allowLoopback: loopbackFetch }),
    ...(loopbackFetch && { failureCooldownSeconds: 1 }),
    clock: parts.clock,
    audit: parts.audit,
  };
}
