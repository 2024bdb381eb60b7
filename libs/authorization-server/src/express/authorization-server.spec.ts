import { afterEach, describe, expect, it } from '@jest/globals';
import { accept, StoreUnavailableError } from '@keybound/core';
import { listeningServer, testEndpoint, testPlugIn, testServer } from '@keybound/testing';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { AuthorizationServer } from '../server/authorization-server.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';
import { authorizationServer } from './index.js';

const form = 'application/x-www-form-urlencoded';
const plugIn = testPlugIn('test', {
  endpoints: [
    testEndpoint(),
    testEndpoint({ name: 'known', path: '/.well-known/test', below: 'origin', methods: ['GET'] }),
    testEndpoint({
      name: 'cookies',
      path: '/cookies',
      methods: ['GET'],
      cors: 'none',
      handle: async () =>
        accept({
          status: 303,
          headers: [
            ['location', 'https://client.example/cb'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
            ['cache-control', 'no-store'],
          ],
          body: undefined,
        }),
    }),
    testEndpoint({
      name: 'down',
      path: '/down',
      handle: async () => {
        throw new StoreUnavailableError('no answer');
      },
    }),
    testEndpoint({
      name: 'broken',
      path: '/broken',
      handle: async () => {
        throw new TypeError('a bug');
      },
    }),
  ],
});

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function build(own: Partial<AuthorizationServerOptions> = {}): Promise<AuthorizationServer> {
  return (await testServer(own, [plugIn])).server;
}

async function listen(app: express.Express): Promise<string> {
  const http: Server = createServer(app).listen(0, '127.0.0.1');
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  await once(http, 'listening');
  return `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
}

function post(url: string, body = 'a=1&a=2') {
  return fetch(url, { method: 'POST', headers: { 'content-type': form }, body });
}

describe('authorizationServer on Express, without Nest', () => {
  it('AS-202 AS-275 answers its paths and lets the others pass', async () => {
    const app = express();
    app.disable('x-powered-by');
    app.use(authorizationServer(await build()));
    app.use(express.urlencoded());
    app.post('/other', (request, response) => {
      response.json(request.body);
    });
    const base = await listen(app);
    expect(await (await post(`${base}/test`)).json()).toMatchObject({
      parameters: [['a', ['1', '2']]],
    });
    expect(await (await post(`${base}/other`, 'b=1')).json()).toEqual({ b: '1' });
    expect((await fetch(`${base}/nowhere`)).status).toBe(404);
  });

  it('AS-202 sees the whole target below a mount point', async () => {
    const app = express();
    app.use('/auth', authorizationServer(await build({ issuer: 'https://as.example.com/auth' })));
    const base = await listen(app);
    expect(await (await post(`${base}/auth/test`)).json()).toMatchObject({
      url: 'https://as.example.com/auth/test',
    });
    expect((await post(`${base}/test`)).status).toBe(404);
  });

  it('AS-275 INV-9 fails loudly behind a body parser, and takes nothing for an empty form', async () => {
    const app = express();
    app.use(express.urlencoded());
    app.use(authorizationServer(await build()));
    app.use(((error: Error, _request, response, _next) => {
      response.status(500).send(error.message);
    }) satisfies express.ErrorRequestHandler);
    const response = await post(`${await listen(app)}/test`);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('before any body parser');
  });

  it('INV-9 hands a bug on to the application', async () => {
    const app = express();
    app.use(authorizationServer(await build()));
    app.use(((error: Error, _request, response, _next) => {
      response.status(500).send(error.message);
    }) satisfies express.ErrorRequestHandler);
    expect(await (await post(`${await listen(app)}/broken`)).text()).toBe('a bug');
  });
});

describe('a server of node:http', () => {
  async function serve(own: Partial<AuthorizationServerOptions> = {}) {
    const listening = await listeningServer(await build(own));
    closing.push(() => listening.close());
    return listening;
  }

  it('AS-202 knows what belongs to the origin, with and without a prefix that a proxy takes off', async () => {
    const { base } = await serve();
    expect((await fetch(`${base}/.well-known/test`)).status).toBe(200);
    const issuer = 'https://as.example.com/auth';
    const plain = await serve({ issuer });
    expect((await fetch(`${plain.base}/.well-known/test`)).status).toBe(200);
    expect((await post(`${plain.base}/auth/test`)).status).toBe(200);
    const prefixed = await serve({ issuer, publicBaseUrl: issuer });
    expect((await fetch(`${prefixed.base}/.well-known/test`)).status).toBe(200);
    expect((await post(`${prefixed.base}/test`)).status).toBe(200);
    expect((await post(`${prefixed.base}/auth/test`)).status).toBe(404);
  });

  it('AS-202 believes a trusted proxy, and nobody else', async () => {
    const forwarded = {
      trustedProxies: ['127.0.0.1'],
      allowedHosts: ['as.example.com'],
      fields: 'x-forwarded' as const,
    };
    const trusting = await serve({ forwarded });
    const headers = {
      'content-type': form,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'as.example.com',
    };
    const request = { method: 'POST', headers, body: 'a=1' };
    const seen = await fetch(`${trusting.base}/test`, request);
    expect(await seen.json()).toMatchObject({ url: 'https://as.example.com/test' });
    const unsaid = await post(`${trusting.base}/test`);
    expect({ status: unsaid.status, body: await unsaid.json() }).toEqual({
      status: 400,
      body: { error: 'invalid_request' },
    });
    const wary = await serve({ forwarded: { ...forwarded, trustedProxies: ['192.0.2.1'] } });
    expect((await fetch(`${wary.base}/test`, request)).status).toBe(400);
  });

  it('AS-271 answers 503 with Retry-After over the wire', async () => {
    const { base } = await serve();
    const response = await post(`${base}/down`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  it('AS-61 sends several cookies as several lines', async () => {
    const { base } = await serve();
    const response = await fetch(`${base}/cookies`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('AS-61 sends them all where middleware has set fields, and has the last word on its own', async () => {
    const app = express();
    app.disable('x-powered-by');
    app.use((_request, response, next) => {
      response.set({ 'x-request-id': '1', 'cache-control': 'public', 'set-cookie': 'c=3' });
      next();
    });
    app.use(authorizationServer(await build()));
    const response = await fetch(`${await listen(app)}/cookies`, { redirect: 'manual' });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).toBe('1');
    expect(response.headers.get('content-length')).toBe('0');
  });

  it('THR-36 tells HEAD no length but the one of the content that GET would get', async () => {
    const { base } = await serve();
    const metadata = `${base}/.well-known/oauth-authorization-server`;
    const response = await fetch(metadata, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBeNull();
    expect((await fetch(metadata)).headers.get('content-length')).toMatch(/^[1-9]/);
  });

  it('AS-61 sends them all where nothing is left of what CORS middleware has set', async () => {
    const app = express();
    app.disable('x-powered-by');
    app.use((_request, response, next) => {
      response.set('access-control-allow-origin', '*');
      next();
    });
    app.use(authorizationServer(await build()));
    const response = await fetch(`${await listen(app)}/cookies`, { redirect: 'manual' });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    [
      'two Host fields',
      ['GET /.well-known/test HTTP/1.1', 'Host: as.example.com', 'Host: b.example'],
      400,
    ],
    ['a foreign target', ['GET https://evil.example/test HTTP/1.1', 'Host: evil.example'], 404],
    [
      'its own absolute target',
      ['GET https://as.example.com/.well-known/test HTTP/1.1', 'Host: as.example.com'],
      200,
    ],
    [
      'two content types',
      [
        'POST /test HTTP/1.1',
        'Host: a',
        `Content-Type: ${form}`,
        'Content-Type: text/plain',
        'Content-Length: 3',
      ],
      400,
    ],
    ['a dot segment', ['GET /x/../.well-known/test HTTP/1.1', 'Host: a'], 404],
  ])('INV-1 AS-201 THR-35 answers %s without a fault', async (_what, head, status) => {
    const { port } = await serve();
    const socket = connect(port, '127.0.0.1');
    const body = head.some((line) => line.startsWith('POST')) ? 'a=1' : '';
    socket.end([...head, 'Connection: close', '', body].join('\r\n'));
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer.split(' ')[1]).toBe(String(status));
  });

  it('AS-274 INV-1 answers the next request of a connection whose last one was too large', async () => {
    const { base } = await serve();
    for (let round = 0; round < 4; round += 1) {
      expect((await post(`${base}/test`, `a=${'x'.repeat(4_194_304)}`)).status).toBe(413);
      expect((await post(`${base}/test`)).status).toBe(200);
    }
  });

  it('THR-37 INV-1 outlives a sender who goes away in the middle', async () => {
    const { port, base } = await serve();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const head = ['POST /test HTTP/1.1', 'Host: a', `Content-Type: ${form}`, 'Content-Length: 9'];
    socket.write([...head, '', 'a=1'].join('\r\n'));
    socket.destroy();
    expect((await post(`${base}/test`)).status).toBe(200);
  });
});
