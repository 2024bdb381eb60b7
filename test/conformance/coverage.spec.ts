import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemoryReplayStore, staticKeys, UpstreamError, type OutgoingHttp } from '@keybound/core';
import { baseline, type PopDemandInput } from '@keybound/pop';
import {
  clientKey,
  hash,
  jwkBoundToken,
  otherKey,
  publicPart,
  signedRequest,
} from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import type { RawRequest } from '../support/raw-request.js';

async function send(
  server: AttackedServer,
  flaw: object,
  request: Partial<RawRequest> = {},
  token?: string,
) {
  const shr = await signedRequest(token ?? (await jwkBoundToken()), flaw as never);
  return server.send({
    ...request,
    headers: [['Authorization', `PoP ${shr}`], ...(request.headers ?? [])],
  });
}

const q = (...parameters: string[]) => [
  parameters.map((parameter) => parameter.split('=')[0]),
  hash(parameters.join('&')),
];

describe('what a signed HTTP request covers', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await attackedServer();
  });
  afterAll(() => server.close());

  it('SHR-30 tells the application exactly which parts were covered', async () => {
    const response = await send(
      server,
      {
        m: 'POST',
        q: q('a=1', 'b=2'),
        h: [['content-type'], hash('content-type: text/plain')],
        b: hash('hello'),
      },
      {
        method: 'POST',
        target: '/orders?a=1&extra=3&b=2',
        headers: [['Content-Type', 'text/plain']],
        body: Buffer.from('hello'),
      },
    );
    expect(JSON.parse(response.body)).toMatchObject({
      covered: { m: true, u: true, p: true, q: ['a', 'b'], h: ['content-type'], b: true },
    });
  });

  it('SHR-31 does not protect the order of parameters', async () => {
    const response = await send(server, { q: q('a=1', 'b=2') }, { target: '/orders?b=2&a=1' });
    expect(response.status).toBe(200);
  });

  it('OPS-16 SHR-12 hashes the octets on the wire, of types that nobody parses too', async () => {
    const body = Buffer.from([0, 255, 128, 10]);
    const headers = [['Content-Type', 'application/octet-stream']] as const;
    expect(
      (await send(server, { m: 'POST', b: hash(body) }, { method: 'POST', headers, body })).status,
    ).toBe(200);
    const other = Buffer.from([0, 255, 128, 11]);
    expect(
      (await send(server, { m: 'POST', b: hash(body) }, { method: 'POST', headers, body: other }))
        .status,
    ).toBe(401);
  });

  it('SHR-12 reads content that comes in chunks', async () => {
    const chunked = Buffer.from('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n');
    const headers = [
      ['Content-Type', 'text/plain'],
      ['Transfer-Encoding', 'chunked'],
    ] as const;
    const response = await send(
      server,
      { m: 'POST', b: hash('hello world') },
      { method: 'POST', headers, body: chunked },
    );
    expect(response.status).toBe(200);
  });

  it.each([
    ['q that is text', { q: 'a' }],
    ['q with a number for a name', { q: [[1], hash('')] }],
    [
      'q with more names than any request has',
      { q: [Array.from({ length: 800 }, (_, n) => String(n)), hash('')] },
    ],
    ['h that is an object', { h: {} }],
    ['b that is a number', { b: 1 }],
    ['m that is a list', { m: ['GET'] }],
    ['u that is a number', { u: 1 }],
    ['p that is null', { p: null }],
    ['p with dot segments', { p: '/x/../orders' }],
    ['ts in milliseconds', { ts: 1_800_000_000_000 }],
    ['a nonce that is a number', { nonce: 1 }],
    ['a jti that is a number', { nonce: undefined, jti: 1 }],
    ['a jti that is too long to remember', { jti: 'j'.repeat(257) }],
  ])('SHR-13 THR-29 THR-47 refuses %s', async (_what, flaw) => {
    expect((await send(server, flaw)).status).toBe(401);
  });
});

describe('what a route wants covered', () => {
  const serverFor = (covers: NonNullable<PopDemandInput['covers']>) =>
    attackedServer({}, { covers });

  it('SHR-14 body', async () => {
    const server = await serverFor(['body']);
    expect((await send(server, {})).status).toBe(401);
    expect((await send(server, { b: hash('') })).status).toBe(200);
    await server.close();
  });

  it('SHR-15 query', async () => {
    const server = await serverFor(['query']);
    const target = '/orders?a=1&b=2';
    expect((await send(server, { q: q('a=1') }, { target })).status).toBe(401);
    expect((await send(server, { q: q('a=1', 'b=2') }, { target })).status).toBe(200);
    await server.close();
  });

  it('SHR-14 a header', async () => {
    const server = await serverFor(['header:content-type']);
    const headers = [['Content-Type', 'text/plain']] as const;
    expect((await send(server, {}, { headers })).status).toBe(401);
    const h = [['content-type'], hash('content-type: text/plain')];
    expect((await send(server, { h }, { headers })).status).toBe(200);
    await server.close();
  });
});

describe('cnf.jku (RFC 7800 §3.5)', () => {
  const jku = 'https://keys.example.net/client.jwks';
  const key = { ...publicPart(clientKey), kid: 'c1' };
  /** Of RFC 8037, appendix A.2: no ES256 proof can be its. */
  const edwards = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    kid: 'c3',
  };

  async function withKeys(keys: readonly object[], cnf: object) {
    const fetched: string[] = [];
    const http: OutgoingHttp = {
      get: (url, { maxBytes, deadlineSeconds }) => {
        expect([maxBytes, deadlineSeconds]).toEqual([65_536, 3]);
        fetched.push(url);
        return Promise.resolve({
          body: Buffer.from(JSON.stringify({ keys })),
          maxAgeSeconds: undefined,
        });
      },
    };
    const server = await attackedServer({
      http,
      signedHttpRequest: {
        ...baseline.signedHttpRequest,
        jku: { allowedHosts: ['keys.example.net'] },
      },
    });
    const response = await send(server, {}, {}, await jwkBoundToken({ cnf }));
    await server.close();
    return { status: response.status, fetched };
  }

  it('CNF-08 fetches the set of an allowed host, and takes the one key that fits', async () => {
    expect(await withKeys([key], { jku })).toEqual({ status: 200, fetched: [jku] });
    expect(
      (await withKeys([key, { ...publicPart(otherKey), kid: 'c2' }], { jku, kid: 'c1' })).status,
    ).toBe(200);
  });

  it.each([
    ['several keys and no kid, of which one fits', [key, edwards], { jku }],
    ['several keys and no kid', [key, { ...publicPart(otherKey), kid: 'c2' }], { jku }],
    ['a kid that is not there, even for one key', [key], { jku, kid: 'c9' }],
    ['another key', [{ ...publicPart(otherKey), kid: 'c1' }], { jku, kid: 'c1' }],
  ])('CNF-08 refuses %s', async (_what, keys, cnf) => {
    expect((await withKeys(keys, cnf)).status).toBe(401);
  });

  it.each([
    ['another host', 'https://evilkeys.example.net/client.jwks'],
    ['a host that ends alike', 'https://evil-keys.example.net/client.jwks'],
    ['plain http', 'http://keys.example.net/client.jwks'],
    ['user information', 'https://keys.example.net@evil.example/client.jwks'],
    ['no URL', 'keys'],
  ])('CNF-08 fetches nothing from %s', async (_what, url) => {
    expect(await withKeys([key], { jku: url })).toEqual({ status: 401, fetched: [] });
  });

  it('CNF-08 answers 503 where the set cannot be had, and admits nobody', async () => {
    const http: OutgoingHttp = { get: () => Promise.reject(new UpstreamError('away')) };
    const server = await attackedServer({
      http,
      signedHttpRequest: {
        ...baseline.signedHttpRequest,
        jku: { allowedHosts: ['keys.example.net'] },
      },
    });
    const response = await send(server, {}, {}, await jwkBoundToken({ cnf: { jku } }));
    expect(response.status).toBe(503);
    expect(response.all('retry-after')).toEqual(['1']);
    await server.close();
  });
});

describe('keys and stores', () => {
  it('THR-10 looks up the key of the issuer that is named, in its own set', async () => {
    const keys = await staticKeys({ keys: [{ ...publicPart(otherKey), kid: 'issuer-1' }] });
    const server = await attackedServer({ issuers: [{ issuer: 'https://as.example.com', keys }] });
    expect((await send(server, {})).status).toBe(401);
    expect(server.audit.events.at(-1)?.code).toBe('token.signature');
    await server.close();
  });

  it('OPS-08 accepts a replay only where the operator wrote so', async () => {
    const server = await attackedServer({ replay: 'off' });
    const shr = await signedRequest(await jwkBoundToken());
    const headers = [['Authorization', `PoP ${shr}`]] as const;
    expect((await server.send({ headers })).status).toBe(200);
    expect((await server.send({ headers })).status).toBe(200);
    await server.close();
    expect(new InMemoryReplayStore().sharing).toBe('process');
  });
});
