import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Request, type RequestHandler, type Response } from 'express';
import session from 'express-session';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import passport from 'passport';
import { Strategy, type Profile, type VerifyCallback } from 'passport-openidconnect';
import { HeadlessUser, startSampleApp, type SampleApp } from '../support/running-sample-app.js';

interface Client {
  readonly clientID: string;
  readonly clientSecret: string;
  readonly callbackURL: string;
}

/** An ordinary client that knows nothing of proofs: `passport-openidconnect`, with its secret. */
describe('passport-openidconnect and the sample app', () => {
  let app: SampleApp;
  let site: Server;
  let home: string;

  beforeAll(async () => {
    site = createServer();
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    home = `http://127.0.0.1:${String((site.address() as AddressInfo).port)}`;
    const client = { clientID: 'site', clientSecret: 's'.repeat(43), callbackURL: `${home}/cb` };
    app = await startSampleApp({}, { clients: [configured(client)] });
    site.on('request', siteOf(client));
  });
  afterAll(async () => {
    await new Promise((resolve) => site.close(resolve));
    await app.close();
  });

  /** It cannot do PKCE: an operator has to let it do without (AS-10). It sends its secret in the body. */
  function configured({ clientID, clientSecret, callbackURL }: Client) {
    return {
      client_id: clientID,
      secrets: [clientSecret],
      metadata: {
        redirect_uris: [callbackURL],
        application_type: 'native',
        token_endpoint_auth_method: 'client_secret_post',
      },
      relaxations: ['optional-pkce' as const],
    };
  }

  function siteOf(client: Client) {
    const strategy = new Strategy(
      {
        ...client,
        issuer: app.issuer,
        authorizationURL: `${app.issuer}/authorize`,
        tokenURL: `${app.issuer}/token`,
        userInfoURL: `${app.issuer}/userinfo`,
        scope: ['profile', 'email'],
        skipUserProfile: false,
      },
      (_issuer: string, profile: Profile, done: VerifyCallback) => {
        done(null, profile);
      },
    );
    passport.use('openidconnect', strategy);
    const logIn = (options = {}) =>
      passport.authenticate('openidconnect', options) as RequestHandler;
    const secret = 'for this test only';
    return express()
      .use(session({ secret, resave: false, saveUninitialized: false, cookie: { secure: false } }))
      .get('/login', logIn())
      .get('/cb', logIn({ session: false }), (request: Request, response: Response) => {
        response.json(request.user);
      });
  }

  it('AS-82 OIDC-17 OIDC-35 logs alice in with an unbound token that UserInfo takes', async () => {
    const user = new HeadlessUser({ username: 'alice', password: 'wonderland' });
    const callback = await user.authorize(`${home}/login`, `${home}/cb`);
    const answer = await user.open(callback);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      displayName: expect.any(String),
      emails: [{ value: expect.stringContaining('@') }],
    });
  });
});
