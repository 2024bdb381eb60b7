import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { gzipSync } from 'node:zlib';
import { ConfigurationError, UpstreamError } from '../errors/faults.js';
import { guardedHttp } from './guarded-http.js';

function vectorFile(name: string): unknown {
  const url = new URL(`../../../../test/vectors/threats/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
const vectors = vectorFile('ssrf-targets.json') as {
  urls: { url: string; why: string }[];
  schemes: { url: string }[];
  dns: { name: string }[];
  redirects: { hops: [string] }[];
  responses: { case: string }[];
};
const tls = vectorFile('issuer-certificate.json') as { certificate: string; privateKey: string };

const json = { mediaTypes: ['application/json'] };
const text = new TextDecoder();
const closers: (() => Promise<void>)[] = [];
let canaryPort: number;
let canaryConnections: number;

/** Listens on loopback and answers the port. */
async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

/** Serves on loopback and counts what is asked. */
async function serve(answer: RequestListener) {
  const seen = { requests: 0, url: '' };
  const server = createServer((request, response) => {
    seen.requests += 1;
    answer(request, response);
  });
  seen.url = `http://127.0.0.1:${String(await listen(server))}/`;
  return seen;
}

/** The one way in which anything fails: generic outside, telling in `cause`. */
async function failureOf(fetched: Promise<unknown>): Promise<string> {
  const error: unknown = await fetched.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  const { message, cause } = error as UpstreamError;
  expect(message).toBe('A remote document could not be fetched.');
  return (cause as Error).message;
}

beforeEach(async () => {
  canaryConnections = 0;
  const canary = createTcpServer((socket) => {
    canaryConnections += 1;
    socket.destroy();
  });
  canaryPort = await listen(canary);
});

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

describe('guardedHttp', () => {
  it('RS-36 fetches a document and says how long it may be kept', async () => {
    const server = await serve((request, response) => {
      const { host: _host, connection: _connection, ...headers } = request.headers;
      response.setHeader('content-type', 'Application/JSON; charset=utf-8');
      response.setHeader('cache-control', 'public, max-age=120');
      response.end(JSON.stringify({ method: request.method, url: request.url, headers }));
    });
    const document = await guardedHttp({ allowLoopback: true }).get(`${server.url}a?b=c`, json);
    expect(document.maxAgeSeconds).toBe(120);
    expect(JSON.parse(text.decode(document.body))).toEqual({
      method: 'GET',
      url: '/a?b=c',
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': '' },
    });
  });

  it('RS-20 posts a form, and who asks, and takes the document that answers', async () => {
    const server = await serve((request, response) => {
      void request.toArray().then((chunks: Buffer[]) => {
        const { authorization, 'content-type': type } = request.headers;
        const content = Buffer.concat(chunks).toString();
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ method: request.method, type, authorization, content }));
      });
    });
    const document = await guardedHttp({ allowLoopback: true }).postForm(server.url, {
      ...json,
      form: [
        ['token', 'a&b=c d'],
        ['token', 'ä'],
      ],
      authorization: 'Basic eA==',
    });
    expect(JSON.parse(text.decode(document.body))).toEqual({
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      authorization: 'Basic eA==',
      content: 'token=a%26b%3Dc+d&token=%C3%A4',
    });
  });

  it('THR-14 THR-15 guards a posted form as it guards a fetch', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'application/json').end(`"${'a'.repeat(2_000)}"`);
    });
    const form = { ...json, form: [['token', 'a']] } as const;
    const loopback = guardedHttp({ allowLoopback: true });
    await failureOf(guardedHttp().postForm(server.url, form));
    expect(server.requests).toBe(0);
    expect(await failureOf(loopback.postForm(server.url, { ...form, maxBytes: 2_000 }))).toBe(
      'size',
    );
    const jwt = { ...form, mediaTypes: ['application/jwt'] };
    expect(await failureOf(loopback.postForm(server.url, jwt))).toBe('media type');
  });

  it('THR-14 fetches over TLS and checks the certificate for the name in the URL', async () => {
    const server = createTlsServer(
      { cert: tls.certificate, key: tls.privateKey },
      (_, response) => {
        response.setHeader('content-type', 'application/json').end('{}');
      },
    );
    const port = String(await listen(server));
    const resolve = () => Promise.resolve(['127.0.0.1']);
    const options = { allowLoopback: true, resolve };
    const trusting = guardedHttp({ ...options, ca: tls.certificate });

    const document = await trusting.get(`https://issuer.example:${port}/`, json);
    expect(text.decode(document.body)).toBe('{}');
    await failureOf(trusting.get(`https://other.example:${port}/`, json));
    await failureOf(guardedHttp(options).get(`https://issuer.example:${port}/`, json));
  });

  it('THR-14 refuses options that make no sense', () => {
    expect(() => guardedHttp({ deadlineSeconds: 0 })).toThrow(ConfigurationError);
    expect(() => guardedHttp({ maxByte: 1 } as object)).toThrow(ConfigurationError);
  });
});

describe('guardedHttp and forbidden targets', () => {
  const toLoopback = () => Promise.resolve(['127.0.0.1']);

  it.each(vectors.urls)('THR-14 never dials $url ($why)', async ({ url }) => {
    const http = guardedHttp({ allowedPorts: [443, canaryPort], resolve: toLoopback });
    const secure = url.replace('http:', 'https:');
    const toCanary = secure.replace(/^https:\/\/[^/]*/, `$&:${String(canaryPort)}`);
    for (const form of [url, secure, toCanary]) await failureOf(http.get(form, json));
    expect(canaryConnections).toBe(0);
  });

  it.each(vectors.schemes)('THR-14 refuses the scheme or form of "$url"', async ({ url }) => {
    const asked: string[] = [];
    const resolve = (hostname: string) => {
      asked.push(hostname);
      return toLoopback();
    };
    await failureOf(guardedHttp({ resolve }).get(url, json));
    expect(asked).toEqual([]);
  });

  const dnsAnswers: Record<string, string[][]> = {
    'answers 93.184.216.34 first, 127.0.0.1 on the second query': [['127.0.0.2'], ['127.0.0.1']],
    'answers both a public and a private address': [['93.184.216.34', '127.0.0.1']],
    'CNAME to localhost': [['127.0.0.1']],
    'AAAA ::ffff:10.0.0.1': [['::ffff:10.0.0.1']],
    NXDOMAIN: [],
  };

  it.each(vectors.dns)('THR-15 is not fooled by a name that $name', async ({ name }) => {
    const answers = dnsAnswers[name] ?? [];
    const resolve = () => {
      const answer = answers.shift();
      return answer === undefined
        ? Promise.reject(new Error('getaddrinfo ENOTFOUND a.example'))
        : Promise.resolve(answer);
    };
    const http = guardedHttp({ allowedPorts: [canaryPort], resolve });
    await failureOf(http.get(`https://a.example:${String(canaryPort)}/`, json));
    expect(Object.keys(dnsAnswers)).toContain(name);
    expect(canaryConnections).toBe(0);
  });

  it('THR-15 dials the address that was checked although the name has moved since', async () => {
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const resolve = () => Promise.resolve(answers.shift() ?? []);
    const server = await serve((_, response) => {
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const url = server.url.replace('127.0.0.1', 'rebinding.example');
    await guardedHttp({ allowLoopback: true, resolve }).get(url, json);
    expect(server.requests).toBe(1);
    expect(answers).toEqual([['127.0.0.2']]);
  });

  it('THR-14 tells nobody whether a host exists, a port is open, or an answer is of the wrong kind', async () => {
    const server = await serve((_, response) => response.end('hello'));
    const http = guardedHttp({ allowLoopback: true, resolve: () => Promise.reject(new Error()) });
    const closed = createTcpServer();
    const closedPort = await listen(closed);
    await closers.pop()?.();
    await failureOf(http.get('https://nowhere.example/', json));
    await failureOf(http.get(`http://127.0.0.1:${String(closedPort)}/`, json));
    await failureOf(http.get(server.url, json));
  });
});

describe('guardedHttp and redirects', () => {
  const targets = vectors.redirects.map(({ hops: [hop] }) => hop.split(' -> ')[1] ?? '');

  it.each(targets)('THR-15 does not follow a redirect to %s', async (location) => {
    const server = await serve((_, response) => response.writeHead(302, { location }).end());
    const reason = await failureOf(guardedHttp({ allowLoopback: true }).get(server.url, json));
    expect(reason).toBe('status 302');
    expect(server.requests).toBe(1);
  });

  it.each([301, 302, 303, 307, 308])('THR-15 does not follow a %d anywhere', async (status) => {
    const location = `http://127.0.0.1:${String(canaryPort)}/`;
    const server = await serve((_, response) => response.writeHead(status, { location }).end());
    await failureOf(guardedHttp({ allowLoopback: true }).get(server.url, json));
    expect(canaryConnections).toBe(0);
  });
});

describe('guardedHttp and hostile answers', () => {
  const http = guardedHttp({ allowLoopback: true, maxBytes: 1_000 });
  const hasty = guardedHttp({ allowLoopback: true, deadlineSeconds: 0.2 });
  const type = { 'content-type': 'application/json' };

  it('THR-15 takes a body of exactly the limit', async () => {
    const server = await serve((_, response) =>
      response.writeHead(200, type).end('x'.repeat(1_000)),
    );
    expect((await http.get(server.url, json)).body).toHaveLength(1_000);
  });

  it('THR-15 (body larger than limit without Content-Length) aborts at the limit', async () => {
    let written = 0;
    const server = await serve((_, response) => {
      response.writeHead(200, type);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(100))) written += 100;
      };
      response.on('drain', more);
      more();
    });
    expect(await failureOf(http.get(server.url, json))).toBe('size');
    expect(written).toBeLessThan(50_000_000); // what the sockets' buffers hold, not everything
  });

  it('THR-15 lets one request ask for less than the limit, and not for more', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, type);
      response.write('x'.repeat(500));
      response.end('x'.repeat(501));
    });
    expect(await failureOf(http.get(server.url, { ...json, maxBytes: 400 }))).toBe('size');
    expect(await failureOf(http.get(server.url, { ...json, maxBytes: 2_000 }))).toBe('size');
  });

  it('THR-15 (Content-Length 10 GB) aborts before reading', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { ...type, 'content-length': '10000000000' }).flushHeaders();
    });
    expect(await failureOf(http.get(server.url, json))).toBe('size');
  });

  it('THR-15 (Content-Length lie) refuses a body that ends early', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { ...type, 'content-length': '10' });
      response.write('{}', () => response.destroy());
    });
    await failureOf(http.get(server.url, json));
  });

  it('THR-15 (1 byte per second) ends a slow drip at the deadline', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, type);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    expect(await failureOf(hasty.get(server.url, json))).toBe('deadline');
  });

  it('THR-15 CNF-08 ends at the deadline of the request, where that is sooner', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, type);
      response.write('{');
    });
    const patient = guardedHttp({ allowLoopback: true, deadlineSeconds: 60 });
    const request = { ...json, deadlineSeconds: 0.2 };
    expect(await failureOf(patient.get(server.url, request))).toBe('deadline');
  });

  it('THR-15 (headers never end) ends at the deadline', async () => {
    const server = createTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x: y\r\n'), 20);
      socket.on('close', () => {
        clearInterval(drip);
      });
      socket.on('error', () => undefined);
    });
    const url = `http://127.0.0.1:${String(await listen(server))}/`;
    expect(await failureOf(hasty.get(url, json))).toBe('deadline');
  });

  it('THR-15 refuses headers that are too long', async () => {
    const server = createTcpServer((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
      socket.on('error', () => undefined);
    });
    const url = `http://127.0.0.1:${String(await listen(server))}/`;
    expect(await failureOf(http.get(url, json))).not.toBe('deadline');
  });

  it('THR-15 counts a TLS handshake that never ends towards the deadline', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => undefined).resume());
    const url = `https://127.0.0.1:${String(await listen(server))}/`;
    expect(await failureOf(hasty.get(url, json))).toBe('deadline');
  });

  it('THR-15 counts DNS towards the deadline, and does not dial after it', async () => {
    let answer: (addresses: string[]) => void = () => undefined;
    const asked = new Promise<string[]>((resolve) => (answer = resolve));
    const late = guardedHttp({ allowLoopback: true, deadlineSeconds: 0.1, resolve: () => asked });
    const url = `http://a.example:${String(canaryPort)}/`;
    expect(await failureOf(late.get(url, json))).toBe('deadline');
    answer(['127.0.0.1']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(canaryConnections).toBe(0);
  });

  it.each(['gzip', 'deflate', 'br', 'unknown'])(
    'THR-15 (gzip body that inflates beyond the limit) refuses %s content, whatever is in it',
    async (coding) => {
      const bomb = gzipSync('x'.repeat(100_000));
      const server = await serve((_, response) =>
        response.writeHead(200, { ...type, 'content-encoding': coding }).end(bomb),
      );
      expect(await failureOf(http.get(server.url, json))).toBe('content coding');
    },
  );

  it.each([
    ['text/html with a JSON body', 'text/html'],
    ['no type', undefined],
    ['two types in one field', 'application/json, text/html'],
    ['a longer type', 'application/json-seq'],
  ])('THR-14 (%s) is refused', async (_flaw, contentType) => {
    const server = await serve((_, response) =>
      response
        .writeHead(200, contentType === undefined ? {} : { 'content-type': contentType })
        .end('{}'),
    );
    expect(await failureOf(http.get(server.url, json))).toBe('media type');
  });

  it.each([201, 203, 204, 205, 206, 304, 400, 404, 500])(
    'THR-14 (204, 205, 304, 206) treats a %d as failure',
    async (status) => {
      const server = await serve((_, response) => response.writeHead(status, type).end());
      expect(await failureOf(http.get(server.url, json))).toBe(`status ${String(status)}`);
    },
  );

  it('THR-14 covers every answer of the vector file', () => {
    expect(vectors.responses.map((row) => row.case)).toEqual([
      'body larger than limit without Content-Length',
      'Content-Length 10 GB',
      '1 byte per second',
      'gzip body that inflates beyond the limit',
      'text/html with a JSON body',
      'headers never end',
      '204, 205, 304, 206',
    ]);
  });

  it('THR-14 has no cookies: what a server sets is not sent back', async () => {
    const cookies: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      cookies.push(request.headers.cookie);
      response.writeHead(200, { ...type, 'set-cookie': 'a=b' }).end('{}');
    });
    await http.get(server.url, json);
    await http.get(server.url, json);
    expect(cookies).toEqual([undefined, undefined]);
  });
});

describe('guardedHttp and many requests', () => {
  it('THR-14 bounds requests to one host, and all together, and gives places back', async () => {
    const waiting: (() => void)[] = [];
    let arrived: () => void = () => undefined;
    const allArrived = new Promise<void>((resolve) => (arrived = resolve));
    const server = await serve((_, response) => {
      waiting.push(() => response.setHeader('content-type', 'application/json').end('{}'));
      if (waiting.length === 3) arrived();
    });
    const http = guardedHttp({
      allowLoopback: true,
      maxConcurrent: 3,
      maxConcurrentPerHost: 2,
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    const get = (host: string) => http.get(server.url.replace('127.0.0.1', host), json);

    const underWay = [get('a.example'), get('a.example')];
    expect(await failureOf(get('a.example'))).toBe('too many requests under way');
    underWay.push(get('b.example'));
    expect(await failureOf(get('c.example'))).toBe('too many requests under way');
    await allArrived;
    waiting.splice(0).forEach((answer) => {
      answer();
    });
    await Promise.all(underWay);

    const again = get('a.example');
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting[0]?.();
    await again;
    expect(server.requests).toBe(4);
  });
});
