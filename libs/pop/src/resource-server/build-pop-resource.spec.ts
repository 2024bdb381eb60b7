import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, InMemoryReplayStore, staticKeys } from '@keybound/core';
import { issuerJwks, RecordedAudit, scene } from '@keybound/testing';
import { buildPopResource } from './build-pop-resource.js';
import { demandOn } from './demand-on.js';
import { baseline } from './pop-options.schema.js';

function build(own: object) {
  return buildPopResource({
    preset: 'baseline',
    deployment: 'development',
    resource: scene.resource,
    publicBaseUrl: scene.resource,
    issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
    replay: { store: new InMemoryReplayStore() },
    audit: new RecordedAudit(),
    ...own,
  });
}

describe('buildPopResource', () => {
  it.each([
    ['a store where its section should be', { replay: new InMemoryReplayStore() }, /replay/],
    [
      'a store that says not who shares it',
      { replay: { store: { claim: () => undefined } } },
      /replay\.store: .*sharing/,
    ],
    ['a section that lacks members', { dpop: { maxAgeSeconds: 120 } }, /dpop\.algorithms/],
    [
      'an issuer that is no URL',
      { issuers: ['issuer.example.com'] },
      /issuers\.0: must be an absolute/,
    ],
    ['an issuer twice', { issuers: [scene.issuer, scene.issuer] }, /listed twice/],
    ['no way in', { dpop: 'off', signedHttpRequest: 'off' }, /nobody could be admitted/],
    [
      'requests that nothing dates',
      { signedHttpRequest: { ...baseline.signedHttpRequest, require: ['m'] } },
      /lacks ts/,
    ],
    ['an unknown preset', { preset: 'fapi9' }, /fapi9/],
  ])('INV-9 refuses %s, and says where', async (_what, own, message) => {
    const failure = build(own);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('INV-9 refuses an issuer with two sources of keys', async () => {
    const keys = await staticKeys(issuerJwks);
    const issuers = [{ issuer: scene.issuer, jwks: issuerJwks, keys }];
    await expect(build({ issuers })).rejects.toThrow(/both jwks and keys/);
  });

  it('INV-9 refuses a demand that no configured method could meet', async () => {
    const resource = await build({});
    expect(() => demandOn(resource, 'popProtected', { methods: ['mtls'] })).toThrow(
      ConfigurationError,
    );
  });
});
