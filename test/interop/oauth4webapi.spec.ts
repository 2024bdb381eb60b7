import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { alice, startSampleApp, type SampleApp } from '../support/running-sample-app.js';

const redirectUri = 'https://client.example/cb';
// eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, on loopback only
const insecure = { [oauth.allowInsecureRequests]: true };

/** `oauth4webapi`, as it is published, as a public client of the sample app. */
describe('oauth4webapi and the sample app', () => {
  let app: SampleApp;
  let as: oauth.AuthorizationServer;

  beforeAll(async () => {
    app = await startSampleApp();
    const issuer = new URL(app.issuer);
    as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    );
  });
  afterAll(() => app.close());

  it('OIDC-09 AS-200 finds the metadata of RFC 8414 too', async () => {
    const issuer = new URL(app.issuer);
    const options = { ...insecure, algorithm: 'oauth2' } as const;
    const other = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, options),
    );
    expect(other).toEqual(as);
  });

  it('AS-70 AS-74 DPOP-16 DPOP-38 goes from registration to revocation as a public client', async () => {
    const client = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(
        as,
        {
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_method: 'none',
        },
        insecure,
      ),
    );
    const auth = oauth.None();
    const keys = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP({ ...client } as oauth.Client, keys);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const pushed = await oauth.processPushedAuthorizationResponse(
      as,
      client,
      await oauth.pushedAuthorizationRequest(
        as,
        client,
        auth,
        {
          response_type: 'code',
          redirect_uri: redirectUri,
          scope: 'openid email offline_access',
          prompt: 'consent',
          state,
          nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        },
        { ...insecure, DPoP },
      ),
    );
    const url = new URL(as.authorization_endpoint ?? '');
    url.searchParams.set('client_id', client.client_id);
    url.searchParams.set('request_uri', pushed.request_uri);
    const callback = await alice().authorize(url, redirectUri);
    const answered = oauth.validateAuthResponse(as, client, callback, state);
    const options = { ...insecure, DPoP };
    const tokens = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth,
        answered,
        redirectUri,
        verifier,
        options,
      ),
      { expectedNonce: nonce, requireIdToken: true },
    );
    const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };
    const userInfo = await oauth.processUserInfoResponse(
      as,
      client,
      sub,
      await oauth.userInfoRequest(as, client, tokens.access_token, options),
    );
    expect(userInfo).toMatchObject({ sub, email_verified: expect.any(Boolean) });

    const refreshToken = tokens.refresh_token ?? '';
    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, options),
    );
    expect(decodeJwt(refreshed.access_token)['cnf']).toEqual(decodeJwt(tokens.access_token)['cnf']);
    const another = oauth.DPoP({ ...client } as oauth.Client, await oauth.generateKeyPair('ES256'));
    const stolen = oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, {
        ...insecure,
        DPoP: another,
      }),
    );
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
    const revoked = await oauth.revocationRequest(as, client, auth, refreshToken, insecure);
    await oauth.processRevocationResponse(revoked);
    const late = oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, options),
    );
    await expect(late).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
