import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessToken, dpopProof, jkt, sceneOptions } from '@keybound/testing';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import passport from 'passport';
import { buildPopResource, PopStrategy, type VerifiedPop } from './index.js';

describe('PopStrategy, with Passport alone', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const resource = await buildPopResource(sceneOptions());
    const authenticator = new passport.Passport();
    authenticator.use(new PopStrategy({ resource, demand: { scopes: ['orders:read'] } }));
    const app = express();
    const authenticate = authenticator.authenticate('pop', {
      session: false,
    }) as express.RequestHandler;
    app.get('/orders', authenticate, (request, response) => {
      const { subject, thumbprint } = request.user as VerifiedPop;
      response.json({ subject, thumbprint });
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/orders`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = async (token: string) =>
    fetch(url, {
      headers: { authorization: `DPoP ${token}`, dpop: await dpopProof({}, {}, token) },
    });

  it('makes the verified facts the user', async () => {
    const response = await send(await accessToken());
    expect(await response.json()).toEqual({ subject: 'alice', thumbprint: jkt });
  });

  it('RS-41 keeps the status and the challenge of a refusal', async () => {
    const response = await send(await accessToken({ scope: 'other' }));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('DPoP error="insufficient_scope"');
  });

  it('RS-02 challenges a request without credentials', async () => {
    const response = await fetch(url);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^PoP algs[^]*, DPoP algs/);
  });
});
