import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import {
  accessToken,
  dpopProof,
  hash,
  jwkBoundToken,
  sceneOptions,
  signedRequest,
} from '@keybound/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { fastifyPop, verifiedPop } from './index.js';

const options = sceneOptions();

describe('fastifyPop, without Nest', () => {
  let app: FastifyInstance;
  let base: string;

  beforeAll(async () => {
    app = Fastify();
    await app.register(fastifyPop, options);
    app.get(
      '/orders',
      { preHandler: app.popProtected({ scopes: ['orders:read'] }) },
      (request) => ({
        subject: verifiedPop(request).subject,
      }),
    );
    app.post('/orders', { preHandler: app.popProtected({ covers: ['body'] }) }, (request) => ({
      body: request.body,
    }));
    base = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => app.close());

  it('DPOP-20 admits a DPoP request, once', async () => {
    const token = await accessToken();
    const headers = { authorization: `DPoP ${token}`, dpop: await dpopProof({}, {}, token) };
    const admitted = await fetch(`${base}/orders`, { headers });
    expect(await admitted.json()).toEqual({ subject: 'alice' });
    const replayed = await fetch(`${base}/orders`, { headers });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get('www-authenticate')).toMatch(
      /^PoP algs.*, DPoP error="invalid_dpop_proof"/,
    );
    expect(await replayed.json()).toEqual({ error: 'invalid_dpop_proof' });
  });

  it.each([
    ['application/json', '{ "item" : "tea" }', { item: 'tea' }],
    ['text/plain', 'hello', 'hello'],
  ])('SHR-12 verifies %s as it came, and leaves it to the parser', async (type, body, parsed) => {
    const send = async (sent: string) => {
      const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(body) });
      const headers = { authorization: `PoP ${shr}`, 'content-type': type };
      return fetch(`${base}/orders`, { method: 'POST', headers, body: sent });
    };
    expect(await (await send(body)).json()).toEqual({ body: parsed });
    expect((await send(body.replace('e', 'a'))).status).toBe(401);
  });

  it('INV-9 stops the start for options that make no sense', async () => {
    const wrong = Fastify();
    await expect(wrong.register(fastifyPop, { ...options, issuers: [] })).rejects.toThrow(
      ConfigurationError,
    );
  });
});
