import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accessToken,
  dpopProof,
  hash,
  jwkBoundToken,
  scene,
  sceneOptions,
  signedRequest,
} from '@keybound/testing';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPopResource, popContentCapture, popProtected, verifiedPop } from './index.js';

describe('popProtected on Express, without Nest', () => {
  let server: Server;
  let base: string;

  beforeAll(async () => {
    const resource = await buildPopResource(sceneOptions());
    const app = express();
    app.post('/late', express.text(), popProtected(resource), (request, response) => {
      response.json(request.body);
    });
    app.use(popContentCapture(resource));
    app.use(express.json());
    app.post('/orders', popProtected(resource), (request, response) => {
      response.json({ body: request.body as unknown, covered: verifiedPop(request).covered.b });
    });
    const mounted = express.Router();
    mounted.get('/orders', popProtected(resource), (request, response) => {
      response.json(verifiedPop(request).subject);
    });
    app.use('/api', mounted);
    app.get('/open', (request, response) => {
      response.json(verifiedPop(request).subject);
    });
    app.use(
      (
        _error: unknown,
        _request: express.Request,
        response: express.Response,
        _next: express.NextFunction,
      ) => {
        response.status(500).json({ error: 'server_error' });
      },
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = async (path: string, type: string, body: string, sent = body) => {
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', p: path, b: hash(body) });
    return fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `PoP ${shr}`, 'content-type': type },
      body: sent,
    });
  };

  it('OPS-16 verifies content that a parser has read, as it came', async () => {
    const body = '{ "item" : "tea" }';
    const response = await post('/orders', 'application/json', body);
    expect(await response.json()).toEqual({ body: { item: 'tea' }, covered: true });
    expect((await post('/orders', 'application/json', body, '{"item":"tea"}')).status).toBe(401);
  });

  it('OPS-16 fails loudly, and admits nobody, where a parser came before the capture', async () => {
    expect((await post('/late', 'text/plain', 'hello')).status).toBe(500);
  });

  it('OPS-03 compares with the whole target below a mount point', async () => {
    const token = await accessToken();
    const headers = async (htu: string) => ({
      authorization: `DPoP ${token}`,
      dpop: await dpopProof({ htu }, {}, token),
    });
    const whole = await fetch(`${base}/api/orders`, {
      headers: await headers(`${scene.resource}/api/orders`),
    });
    expect(await whole.json()).toBe('alice');
    const shortened = await fetch(`${base}/api/orders`, {
      headers: await headers(`${scene.resource}/orders`),
    });
    expect(shortened.status).toBe(401);
  });

  it('fails loudly where a handler asks for facts that nobody verified', async () => {
    expect((await fetch(`${base}/open`)).status).toBe(500);
  });
});
