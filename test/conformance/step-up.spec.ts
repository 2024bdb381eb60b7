import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PopDemandInput } from '@keybound/pop';
import {
  claimsIn,
  clientKey,
  codeForm,
  dpopProof,
  pkce,
  RecordedAudit,
  scene,
  testServer,
  textIn,
  tokenRequest,
  type TestServer,
} from '@keybound/testing';
import { InMemoryReplayStore } from '@keybound/core';
import { authorizationParameters, Browser } from '../support/code-flow.js';
import { challengeOf } from '../support/challenges.js';
import { protectedServer, type ProtectedServer } from '../support/protected-server.js';
import { rawRequest } from '../support/raw-request.js';

const demand: PopDemandInput = { maxAuthenticationAgeSeconds: 300 };

/** RFC 9470: a resource that wants a fresh login, and a client that does what it is told. */
describe('AS-125 step-up', () => {
  let issuer: TestServer;
  let resource: ProtectedServer;
  beforeAll(async () => {
    issuer = await testServer();
    resource = await protectedServer(
      {
        preset: 'baseline',
        deployment: 'development',
        resource: scene.resource,
        publicBaseUrl: scene.resource,
        issuers: [
          {
            issuer: scene.issuer,
            keys: issuer.server.keys,
            status: issuer.server.tokenStatus,
          },
        ],
        replay: { store: new InMemoryReplayStore() },
        audit: new RecordedAudit(),
        clock: issuer.clock,
      },
      demand,
    );
  });
  afterAll(() => resource.close());

  async function tokenFor(browser: Browser, own: Readonly<Record<string, string>>) {
    const asked = {
      resource: scene.resource,
      code_challenge: pkce.challenge,
      nonce: 'n-1',
      ...own,
    };
    const callback = await browser.authorize(authorizationParameters(asked));
    const code = callback.searchParams.get('code') ?? '';
    const now = issuer.clock.now();
    const { json } = await issuer.send(
      await tokenRequest(codeForm(code), { proofBy: clientKey, now }),
    );
    return textIn(json, 'access_token');
  }

  async function send(token: string) {
    const proof = await dpopProof({ iat: issuer.clock.now() }, {}, token);
    return rawRequest(resource.port, {
      method: 'GET',
      target: '/orders',
      headers: [
        ['Host', 'api.example.com'],
        ['Authorization', `DPoP ${token}`],
        ['DPoP', proof],
      ],
    });
  }

  it('is asked for with max_age, and done by a login of that age', async () => {
    const browser = new Browser(issuer);
    const fresh = await tokenFor(browser, {});
    expect((await send(fresh)).status).toBe(200);

    issuer.clock.advance(1_000);
    const stale = await tokenFor(browser, {});
    expect(claimsIn(stale)['auth_time']).toBe(claimsIn(fresh)['auth_time']);
    const refused = await send(stale);
    expect(refused.status).toBe(401);
    const { parameters = {} } = challengeOf(refused.all('www-authenticate'), 'DPoP') ?? {};
    expect(parameters).toMatchObject({
      error: 'insufficient_user_authentication',
      max_age: '300',
    });

    const again = await tokenFor(browser, { max_age: parameters['max_age'] ?? '' });
    expect(claimsIn(again)['auth_time']).toBe(issuer.clock.now());
    expect((await send(again)).status).toBe(200);
  });
});
