import { InMemoryReplayStore } from '@keybound/core';
import type { PopOptions } from '@keybound/pop';
import { RecordedAudit } from './recorded-audit.js';
import { scene, SettableClock } from './scene.js';
import { issuerJwks } from './test-keys.js';

/**
 * Options of the resource that the fixtures are made for: the baseline at T0, with a store and an
 * audit log of its own.
 */
export function sceneOptions(own: Partial<PopOptions> = {}): PopOptions {
  return {
    preset: 'baseline',
    deployment: 'development',
    resource: scene.resource,
    publicBaseUrl: scene.resource,
    issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
    replay: { store: new InMemoryReplayStore() },
    clock: new SettableClock(),
    audit: new RecordedAudit(),
    ...own,
  };
}
