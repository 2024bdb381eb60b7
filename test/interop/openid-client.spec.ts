import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import { alice, startSampleApp, type SampleApp } from '../support/running-sample-app.js';

const redirectUri = 'https://client.example/cb';
// eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, on loopback only
const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];

/** `openid-client`, as it is published, against the sample app. */
describe.each(['express', 'fastify'])('openid-client and the sample app on %s', (adapter) => {
  let app: SampleApp;

  beforeAll(async () => {
    app = await startSampleApp({ HTTP_ADAPTER: adapter });
  });
  afterAll(() => app.close());

  it('AS-30 AS-76 AS-160 DPOP-15 OIDC-16 OIDC-33 goes from discovery to revocation with DPoP', async () => {
    const clientKeys = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(clientKeys.publicKey)), kid: 'c-1', alg: 'ES256' };
    const config = await openid.dynamicClientRegistration(
      new URL(app.issuer),
      {
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
        id_token_signed_response_alg: 'ES256',
        dpop_bound_access_tokens: true,
      },
      openid.PrivateKeyJwt({ key: clientKeys.privateKey, kid: 'c-1' }),
      { execute },
    );
    const proofKeys = await openid.randomDPoPKeyPair('ES256');
    const DPoP = openid.getDPoPHandle(config, proofKeys);
    const checks = {
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
      expectedState: openid.randomState(),
      expectedNonce: openid.randomNonce(),
    };
    const url = await openid.buildAuthorizationUrlWithPAR(
      config,
      {
        redirect_uri: redirectUri,
        scope: 'openid profile email offline_access',
        prompt: 'consent',
        state: checks.expectedState,
        nonce: checks.expectedNonce,
        code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
        code_challenge_method: 'S256',
      },
      { DPoP },
    );
    const callback = await alice().authorize(url, redirectUri);
    const tokens = await openid.authorizationCodeGrant(config, callback, checks, {}, { DPoP });
    const jkt = await calculateJwkThumbprint(await exportJWK(proofKeys.publicKey));
    expect(tokens.token_type.toLowerCase()).toBe('dpop');
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: app.issuer,
      aud: [`${app.issuer}/api`, app.issuer],
      cnf: { jkt },
    });
    const claims = tokens.claims();
    const subject = claims?.sub ?? '';
    expect(subject).not.toBe('');

    const { access_token: token, refresh_token: refreshToken = '' } = tokens;
    expect(await openid.fetchUserInfo(config, token, subject, { DPoP })).toMatchObject({
      sub: subject,
      name: expect.any(String),
      email: expect.stringContaining('@'),
    });
    const whoami = new URL('/api/whoami', app.issuer);
    const answer = await openid.fetchProtectedResource(
      config,
      token,
      whoami,
      'GET',
      null,
      undefined,
      { DPoP },
    );
    expect(await answer.json()).toMatchObject({ sub: subject, method: 'dpop', cnf: { jkt } });

    const refreshed = await openid.refreshTokenGrant(config, refreshToken, {}, { DPoP });
    expect(refreshed.access_token).not.toBe(token);
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({
      active: true,
      sub: subject,
      cnf: { jkt },
      token_type: 'DPoP',
    });
    await openid.tokenRevocation(config, refreshToken);
    for (const dead of [token, refreshed.access_token, refreshToken]) {
      expect(await openid.tokenIntrospection(config, dead)).toEqual({ active: false });
    }
    await expect(
      openid.refreshTokenGrant(config, refreshToken, {}, { DPoP }),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(openid.fetchUserInfo(config, token, subject, { DPoP })).rejects.toThrow();
  });

  it('AS-68 DPOP-15 gets a token for itself', async () => {
    const clientKeys = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(clientKeys.publicKey)), kid: 'c-1', alg: 'ES256' };
    const config = await openid.dynamicClientRegistration(
      new URL(app.issuer),
      {
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
      },
      openid.PrivateKeyJwt({ key: clientKeys.privateKey, kid: 'c-1' }),
      { execute },
    );
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'read' }, { DPoP });
    const { client_id: clientId } = config.clientMetadata();
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: clientId, client_id: clientId });
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('AS-23 AS-13 is told that the user refused', async () => {
    const config = await openid.dynamicClientRegistration(
      new URL(app.issuer),
      { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
      openid.None(),
      { execute },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: expectedState,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const callback = await alice('deny').authorize(url, redirectUri);
    expect(callback.searchParams.get('iss')).toBe(app.issuer);
    const finishing = openid.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier,
      expectedState,
    });
    await expect(finishing).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('AS-40 sends a signed request object', async () => {
    const clientKeys = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(clientKeys.publicKey)), kid: 'c-1', alg: 'ES256' };
    const config = await openid.dynamicClientRegistration(
      new URL(app.issuer),
      {
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
        request_object_signing_alg: 'ES256',
      },
      openid.PrivateKeyJwt({ key: clientKeys.privateKey, kid: 'c-1' }),
      { execute },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const url = await openid.buildAuthorizationUrlWithJAR(
      config,
      {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: expectedState,
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      },
      { key: clientKeys.privateKey, kid: 'c-1' },
    );
    const callback = await alice().authorize(url, redirectUri);
    const tokens = await openid.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier,
      expectedState,
    });
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.claims()?.aud).toBe(config.clientMetadata().client_id);
  });
});
