import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import WebFinger from 'webfinger.js';
import { startSampleApp, type SampleApp } from '../support/running-sample-app.js';

/** `webfinger.js`, as it is published, asks the sample app about its users. */
describe('webfinger.js and the sample app', () => {
  let app: SampleApp;

  beforeAll(async () => {
    app = await startSampleApp();
  });
  afterAll(() => app.close());

  it('OIDC-06 OIDC-07 finds the issuer of alice', async () => {
    const client = new WebFinger({ tls_only: false, allow_private_addresses: true });
    const host = new URL(app.issuer).host;
    const { object } = await client.lookup(`alice@${host}`);
    expect(object.links).toContainEqual({
      rel: 'http://openid.net/specs/connect/1.0/issuer',
      href: app.issuer,
    });
  });

  it('OIDC-05 OIDC-06 answers 404 for nobody, and jrd to who asks for JSON', async () => {
    const host = new URL(app.issuer).host;
    const ask = (resource: string) =>
      fetch(`${app.issuer}/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, {
        headers: { accept: 'application/json' },
      });
    expect((await ask(`acct:nobody@${host}`)).status).toBe(404);
    const known = await ask(`acct:alice@${host}`);
    expect(known.headers.get('content-type')).toMatch(/^application\/jrd\+json/);
    expect(known.headers.get('access-control-allow-origin')).toBe('*');
  });
});
