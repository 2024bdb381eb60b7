import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textIn } from '@keybound/testing';
import { onTheWire } from '../support/wire-answer.js';
import { startSampleApp, type SampleApp } from '../support/running-sample-app.js';

/** From a refusal of the API to the authorization server, as a client that knows neither walks. RFC 9728. */
describe('AS-136 the API of the sample app', () => {
  let app: SampleApp;
  beforeAll(async () => {
    app = await startSampleApp();
  });
  afterAll(() => app.close());

  it('names its metadata in the challenge, and itself in the metadata', async () => {
    const refused = await onTheWire(`${app.issuer}/api/whoami`);
    expect(refused.status).toBe(401);
    const challenges = refused.headers.get('www-authenticate') ?? '';
    const named = [...challenges.matchAll(/resource_metadata="([^"]+)"/g)].map(([, url]) => url);
    expect(new Set(named).size).toBe(1);
    const metadata = await onTheWire(named[0] ?? '');
    expect(metadata.status).toBe(200);
    expect(metadata.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(metadata.json['resource']).toBe(`${app.issuer}/api`);
  });

  it('is named by the authorization server that it names', async () => {
    const own = await onTheWire(`${app.issuer}/.well-known/oauth-protected-resource/api`);
    expect(own.json['authorization_servers']).toEqual([app.issuer]);
    const server = await onTheWire(`${app.issuer}/.well-known/oauth-authorization-server`);
    expect(server.json['protected_resources']).toEqual([textIn(own.json, 'resource')]);
    expect(server.json['issuer']).toBe(app.issuer);
  });
});
