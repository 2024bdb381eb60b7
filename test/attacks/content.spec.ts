import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { baseline, buildPopResource } from '@keybound/pop';
import { popContentCapture, popProtected, verifiedPop } from '@keybound/pop/express';
import { fastifyPop } from '@keybound/pop/fastify';
import { hash, jwkBoundToken, sceneOptions, signedRequest } from '@keybound/testing';
import express from 'express';
import Fastify from 'fastify';
import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { attackedServer } from '../support/attacked-server.js';
import { listen, type ProtectedServer } from '../support/protected-server.js';

/** Sends octets in several segments, and answers with the status and the body. */
function inSegments(port: number, segments: readonly string[]) {
  return new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
    void (async () => {
      for (const segment of segments) {
        socket.write(segment);
        await after(60);
      }
    })();
  });
}

/** A signed POST without content, and the content that a thief adds to it. */
async function stuffedRequest() {
  const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash('') });
  const head =
    `POST /orders HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: PoP ${shr}\r\n` +
    'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
  return [`${head}10\r\n{"amount":1000000}`.replace('10\r\n', '12\r\n'), '\r\n0\r\n\r\n'];
}

describe('content that a thief adds to a signed request', () => {
  it('SHR-12 OPS-16 is seen on Fastify behind a hook that waits', async () => {
    const app = Fastify();
    app.addHook('onRequest', async () => after(20));
    await app.register(fastifyPop, sceneOptions());
    app.post('/orders', { preHandler: app.popProtected() }, (request) => request.body);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    expect(await inSegments(port, await stuffedRequest())).toMatch(/^HTTP\/1\.1 401 /);
    await app.close();
  });

  it('SHR-12 OPS-16 admits nobody on Express behind middleware that waits', async () => {
    const resource = await buildPopResource(sceneOptions());
    const app = express();
    app.use(async (_request, _response, next) => {
      await after(20);
      next();
    });
    app.use(popContentCapture(resource), express.json(), popProtected(resource));
    app.use((request, response) => {
      response.json(request.body);
    });
    app.use(((_error, _request, response, _next) => {
      response.status(500).end();
    }) as express.ErrorRequestHandler);
    const server = await listen(createServer(app));
    expect(await inSegments(server.port, await stuffedRequest())).toMatch(/^HTTP\/1\.1 (401|500) /);
    await server.close();
  });

  it('SHR-12 is never taken for none over HTTP/2', async () => {
    const app = Fastify({ http2: true } as object);
    await app.register(fastifyPop, sceneOptions());
    app.post('/orders', { preHandler: app.popProtected({ covers: ['body'] }) }, () => 'admitted');
    const base = await app.listen({ port: 0, host: '127.0.0.1' });
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash('') });
    const session = connectHttp2(base);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/orders',
      authorization: `PoP ${shr}`,
      'content-type': 'application/json',
    });
    const status = new Promise((resolve) => {
      stream.on('response', (headers) => {
        resolve(headers[':status']);
      });
    });
    stream.end('{"amount":1000000}');
    expect(await status).not.toBe(200);
    session.destroy();
    await app.close();
  });
});

describe('a signed request that covers less than it seems to', () => {
  it('SHR-15 OPS-04 refuses a target with a fragment, which routers read differently', async () => {
    const app = Fastify();
    await app.register(fastifyPop, sceneOptions());
    app.get(
      '/orders',
      { preHandler: app.popProtected({ covers: ['query'] }) },
      (request) => request.query,
    );
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const shr = await signedRequest(await jwkBoundToken(), { q: [['x'], hash('x=1')] });
    const head = `Host: api.example.com\r\nAuthorization: PoP ${shr}\r\nConnection: close\r\n\r\n`;
    const answer = await inSegments(port, [`GET /orders?x=1#&admin=true HTTP/1.1\r\n${head}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await app.close();
  });

  it('SHR-14 SHR-17 refuses the form transport where a route wants the content covered', async () => {
    const signedHttpRequest = {
      ...baseline.signedHttpRequest,
      transports: ['header' as const, 'form' as const],
    };
    const form = async (demand: { covers: 'body'[] }) => {
      const server = await attackedServer({ signedHttpRequest }, demand);
      const shr = await signedRequest(await jwkBoundToken(), { m: 'POST' });
      const response = await server.send({
        method: 'POST',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: Buffer.from(`pop_access_token=${shr}&amount=1000000`),
      });
      await server.close();
      return response.status;
    };
    expect(await form({ covers: [] })).toBe(200);
    expect(await form({ covers: ['body'] })).toBe(401);
  });

  it('SHR-18 takes content with the query transport, and lets nobody cache the answer', async () => {
    const signedHttpRequest = {
      ...baseline.signedHttpRequest,
      transports: ['header' as const, 'query' as const],
    };
    const server = await attackedServer({ signedHttpRequest });
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash('hello') });
    const response = await server.send({
      method: 'POST',
      target: `/orders?pop_access_token=${shr}`,
      headers: [['Content-Type', 'text/plain']],
      body: Buffer.from('hello'),
    });
    expect(response.status).toBe(200);
    expect(response.all('cache-control')).toEqual(['private, no-store']);
    await server.close();
  });

  it('SHR-02 refuses a request without ts where no nonce dates it, at start and at run time', async () => {
    const signedHttpRequest = { ...baseline.signedHttpRequest, require: ['m' as const] };
    await expect(attackedServer({ signedHttpRequest })).rejects.toThrow(/ts/);
  });
});

describe('a stranger with a body', () => {
  let server: ProtectedServer;
  beforeAll(async () => {
    const resource = await buildPopResource(sceneOptions());
    const app = express();
    app.post('/read', popProtected(resource), (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => response.json({ text, covered: verifiedPop(request).covered.b }));
    });
    const twice = popProtected(resource, { scopes: ['orders:read'] });
    app.post('/twice', popProtected(resource), twice, (_request, response) =>
      response.json('once'),
    );
    app.use(popProtected(resource));
    server = await listen(createServer(app));
  });
  afterAll(() => server.close());

  it('SHR-25 is not waited for before its token is refused', async () => {
    const answer = await inSegments(server.port, [
      'POST /orders HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: PoP x.y.z\r\n' +
        'Content-Length: 1000000\r\nConnection: close\r\n\r\n',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'Content-Length: 00\r\n\r\n'])(
    'SHR-12 leaves the end of empty content to the handler: %j',
    async (rest) => {
      const shr = await signedRequest(await jwkBoundToken(), {
        m: 'POST',
        p: '/read',
        b: hash(''),
      });
      const answer = await inSegments(server.port, [
        `POST /read HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: PoP ${shr}\r\nConnection: close\r\n${rest}`,
      ]);
      expect(answer).toContain('{"text":"","covered":true}');
    },
  );

  it('SHR-27 DPOP-13 is judged by two demands on one request, and spends its proof once', async () => {
    const shr = await signedRequest(await jwkBoundToken(), {
      m: 'POST',
      p: '/twice',
      b: hash('hi'),
    });
    const request = [
      `POST /twice HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: PoP ${shr}\r\n` +
        'Content-Length: 2\r\nConnection: close\r\n\r\nhi',
    ];
    expect(await inSegments(server.port, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await inSegments(server.port, request)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('THR-74 cannot make a form expensive to search', async () => {
    const attacked = await attackedServer();
    const response = await attacked.send({
      method: 'POST',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: Buffer.from('%&'.repeat(500_000)),
    });
    expect(response.status).toBe(401);
    await attacked.close();
  });
});
