import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, InMemoryReplayStore } from '@keybound/core';
import { buildPopResource } from './build-pop-resource.js';
import type { PopOptions } from './pop-options.schema.js';
import { protectedResourceMetadataUrl } from './protected-resource-metadata.js';

const options = {
  preset: 'baseline',
  deployment: 'development',
  resource: 'https://API.example.com',
  publicBaseUrl: 'https://api.example.com',
  issuers: ['https://as.example.com'],
  replay: { store: new InMemoryReplayStore() },
} satisfies PopOptions;

describe('protectedResourceMetadata (RFC 9728 §2)', () => {
  it('RS-31 RS-32 DPOP-28 says what is enforced, the identifier as it was written', async () => {
    const { metadata, verifier } = await buildPopResource(options);
    expect(metadata).toEqual({
      resource: 'https://API.example.com',
      authorization_servers: ['https://as.example.com'],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256'],
      dpop_bound_access_tokens_required: false,
    });
    expect(metadata.resource).toBe(verifier.policy.resource);
  });

  it('RS-32 requires DPoP where nothing else is taken', async () => {
    const { metadata } = await buildPopResource({ ...options, signedHttpRequest: 'off' });
    expect(metadata.dpop_bound_access_tokens_required).toBe(true);
  });

  it('RS-32 leaves out the algorithms of a method that is off', async () => {
    const { metadata } = await buildPopResource({ ...options, dpop: 'off' });
    expect(metadata).not.toHaveProperty('dpop_signing_alg_values_supported');
    expect(metadata.dpop_bound_access_tokens_required).toBe(false);
  });
});

describe('protectedResourceMetadataUrl (RFC 9728 §3.1)', () => {
  it.each([
    ['https://rs.example.com', 'https://rs.example.com/.well-known/oauth-protected-resource'],
    ['https://rs.example.com/', 'https://rs.example.com/.well-known/oauth-protected-resource'],
    [
      'https://rs.example.com/svc1',
      'https://rs.example.com/.well-known/oauth-protected-resource/svc1',
    ],
    [
      'https://rs.example.com/svc1/',
      'https://rs.example.com/.well-known/oauth-protected-resource/svc1/',
    ],
    [
      'https://rs.example.com/?t=1',
      'https://rs.example.com/.well-known/oauth-protected-resource?t=1',
    ],
  ])('RS-30 inserts the well-known part after the host: %s', (resource, url) => {
    expect(protectedResourceMetadataUrl(resource)).toBe(url);
  });

  it.each(['urn:api', 'https://rs.example.com/#part', ''])('RS-31 refuses %j', (resource) => {
    expect(() => protectedResourceMetadataUrl(resource)).toThrow(ConfigurationError);
  });
});
