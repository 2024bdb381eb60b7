import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, InMemoryReplayStore } from '@keybound/core';
import type { PopOptions } from '@keybound/pop';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the real peer of a client
import { buildPopResource, popProtected, verifiedPop } from '@keybound/pop/express';
import {
  accessToken,
  clientKey,
  issuerJwks,
  jwkBoundToken,
  RecordedAudit,
  scene,
  SettableClock,
  signerFor,
  T0,
} from '@keybound/testing';
import express from 'express';
import { createSigningFetch } from './create-signing-fetch.js';
import type { Fetch, SigningFetchOptions } from './signing-fetch-options.js';

const methods = ['dpop', 'signed-http-request'] as const;
const required: PopOptions['nonces'] = {
  mode: 'required',
  secrets: ['a-secret-of-at-least-32-octets-for-tests'],
};
const open: (() => void)[] = [];

afterEach(() => {
  open.splice(0).forEach((close) => {
    close();
  });
});

/** A real API on loopback, whose clock stands at T0 and whose responses say so. */
async function startApi(options: Partial<PopOptions> = {}) {
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const audit = new RecordedAudit();
  const clock = new SettableClock();
  const resource = await buildPopResource({
    deployment: 'development',
    preset: 'baseline',
    resource: scene.resource,
    publicBaseUrl: origin,
    issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
    replay: { store: new InMemoryReplayStore() },
    audit,
    clock,
    ...options,
  });
  app.use((_request, response, next) => {
    response.setHeader('date', new Date(clock.now() * 1000).toUTCString());
    next();
  });
  app.get('/moved', popProtected(resource), (_request, response) => {
    response.redirect('/orders?page=2');
  });
  app.post('/kept', popProtected(resource), (_request, response) => {
    response.redirect(307, '/orders');
  });
  app.get('/outside', (request, response) => {
    response.redirect(new URL(request.url, origin).searchParams.get('to') ?? '');
  });
  app.all('/open', (request, response) => {
    response.json({ fields: Object.keys(request.headers) });
  });
  app.all('/orders', popProtected(resource), express.text({ type: '*/*' }), (request, response) => {
    const { method, covered } = verifiedPop(request);
    const { m, q, h, b } = covered;
    const body: unknown = request.body;
    response.json({ method, m, q: [...q], h: [...h], b, body: body ?? null });
  });
  return { origin, audit, clock };
}

/** A signing fetch to one origin, with every request that it sends. */
async function signingFetch(origin: string, options: Partial<SigningFetchOptions> = {}) {
  const sent: { url: string; headers: Headers }[] = [];
  const recording: Fetch = async (input, init) => {
    sent.push({ url: input as string, headers: new Headers(init?.headers) });
    return fetch(input, init);
  };
  const method = options.method ?? 'dpop';
  const send: typeof fetch = createSigningFetch({
    method,
    signer: await signerFor(clientKey),
    accessToken: method === 'dpop' ? await accessToken() : await jwkBoundToken(),
    fetch: recording,
    origins: [origin],
    clock: new SettableClock(),
    ...options,
  });
  return { send, sent };
}

describe.each(methods)('createSigningFetch with %s, at a protected API', (method) => {
  it('sends a token that the API admits', async () => {
    const { origin } = await startApi();
    const { send, sent } = await signingFetch(origin, { method });
    const response = await send(`${origin}/orders?a=1&b=%20#part`);
    expect([response.status, await response.json()]).toMatchObject([200, { method }]);
    expect(sent).toHaveLength(1);
  });

  it('DPOP-22 SHR-27 makes a proof for every request, so that none is taken for a replay', async () => {
    const { origin } = await startApi();
    const { send, sent } = await signingFetch(origin, { method });
    const statuses = [
      await send(`${origin}/orders`),
      await send(`${origin}/orders`),
      await send(new Request(`${origin}/orders`)),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(new Set(sent.map(proofIn)).size).toBe(3);
  });

  it('OPS-11 SHR-28 answers the demand for a nonce once, then uses the newest one', async () => {
    const { origin } = await startApi({ nonces: required });
    const { send, sent } = await signingFetch(origin, { method });
    const statuses = [
      await send(`${origin}/orders`),
      await send(`${origin}/orders`),
      await send(`${origin}/orders`, { method: 'POST', body: 'x' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(proofIn)).size).toBe(4);
  });

  it('OPS-11 gets over a nonce that expired', async () => {
    const { origin, clock } = await startApi({ nonces: required });
    const own = new SettableClock();
    const { send, sent } = await signingFetch(origin, { method, clock: own });
    await send(`${origin}/orders`);
    clock.advance(301);
    own.advance(301);
    expect((await send(`${origin}/orders`)).status).toBe(200);
    expect(sent).toHaveLength(4);
  });

  it.each([
    ['off', 600],
    ['off', -600],
    ['required', 600],
    ['required', -600],
  ] as const)(
    'OPS-14 succeeds with nonces %s and a clock that is off by %d s, after one retry',
    async (mode, skew) => {
      const { origin } = await startApi({ nonces: mode === 'off' ? { mode } : required });
      const clock = new SettableClock(T0 + skew);
      const { send, sent } = await signingFetch(origin, { method, clock });
      expect((await send(`${origin}/orders`)).status).toBe(200);
      expect((await send(`${origin}/orders`)).status).toBe(200);
      expect(sent).toHaveLength(3);
    },
  );

  it('OPS-14 does not retry a token that is refused while the clocks agree', async () => {
    const { origin } = await startApi();
    const { send, sent } = await signingFetch(origin, {
      method,
      accessToken: await accessToken({ aud: 'https://other.example' }),
    });
    expect((await send(`${origin}/orders`)).status).toBe(401);
    expect(sent).toHaveLength(1);
  });

  it('DPOP-22 follows a redirect with a proof for the new URL', async () => {
    const { origin } = await startApi();
    const { send, sent } = await signingFetch(origin, { method });
    expect((await send(`${origin}/moved`)).status).toBe(200);
    expect(sent.map(({ url }) => url)).toEqual([`${origin}/moved`, `${origin}/orders?page=2`]);
    expect(new Set(sent.map(proofIn)).size).toBe(2);
  });

  it('sends the same content after a 307', async () => {
    const { origin } = await startApi();
    const { send } = await signingFetch(origin, { method });
    const response = await send(`${origin}/kept`, { method: 'POST', body: 'an order' });
    expect(await response.json()).toMatchObject({ body: 'an order' });
  });

  it('DPOP-22 does not follow a redirect to another origin', async () => {
    const { origin } = await startApi();
    const other = await startApi();
    const { send, sent } = await signingFetch(origin, { method });
    const call = send(`${origin}/outside?to=${other.origin}/orders`);
    await expect(call).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(1);
  });

  it('takes no credentials along to another origin', async () => {
    const { origin } = await startApi();
    const other = await startApi();
    const otherOrigins = 'send-without-credentials';
    const { send, sent } = await signingFetch(origin, { method, otherOrigins });
    const redirected = await send(`${origin}/outside?to=${other.origin}/open`);
    const direct = await send(`${other.origin}/open`);
    for (const response of [redirected, direct]) {
      const { fields } = (await response.json()) as { fields: string[] };
      expect(fields).not.toEqual(expect.arrayContaining(['authorization']));
      expect(fields).not.toEqual(expect.arrayContaining(['dpop']));
    }
    expect(sent).toHaveLength(3);
  });

  it('sends content given as a stream', async () => {
    const { origin } = await startApi();
    const { send } = await signingFetch(origin, { method });
    const response = await send(`${origin}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: new Blob(['a', 'b']).stream(),
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({ body: 'ab' });
  });

  it('OPS-11 does not retry a stream, but knows the nonce the next time', async () => {
    const { origin } = await startApi({ nonces: required });
    const { send, sent } = await signingFetch(origin, { method });
    const post = () =>
      send(`${origin}/orders`, {
        method: 'POST',
        body: new Blob(['x']).stream(),
        duplex: 'half',
      });
    expect([(await post()).status, (await post()).status]).toEqual([401, 200]);
    expect(sent).toHaveLength(2);
  });

  it.each(['refused', 'send-without-credentials'] as const)(
    'keeps the token out of every URL (other origins: %s)',
    async (otherOrigins) => {
      const { origin } = await startApi();
      const token = method === 'dpop' ? await accessToken() : await jwkBoundToken();
      const { send, sent } = await signingFetch(origin, {
        method,
        accessToken: token,
        otherOrigins,
      });
      await send(`${origin}/moved`);
      expect(sent.filter(({ url }) => url.includes(token))).toEqual([]);
    },
  );
});

describe('createSigningFetch with signed-http-request', () => {
  const method = 'signed-http-request';

  it.each<[string, NonNullable<RequestInit['body']>]>([
    ['text', 'grüße'],
    ['a form', new URLSearchParams({ a: '1', b: 'ü' })],
    ['octets with a type', new Blob(['{}'], { type: 'application/json' })],
  ])('SHR-10 SHR-12 signs the octets and the type of %s as they are sent', async (_, body) => {
    const { origin } = await startApi({
      signedHttpRequest: { ...strict, requiredHeaders: ['content-type'] },
    });
    const { send } = await signingFetch(origin, { method });
    const response = await send(`${origin}/orders`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ h: ['content-type'], b: true });
  });

  it('SHR-12 signs multipart content with the boundary that is sent', async () => {
    const { origin } = await startApi();
    const { send } = await signingFetch(origin, { method });
    const body = new FormData();
    body.set('file', new Blob(['octets']), 'name.txt');
    const response = await send(`${origin}/orders`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ h: ['content-type'], b: true });
  });

  it('SHR-03 SHR-04 SHR-05 SHR-06 signs method, host, path and query as they are sent', async () => {
    const { origin } = await startApi({
      signedHttpRequest: { ...strict, rejectUnsignedQuery: true, requirePort: true },
    });
    const { send } = await signingFetch(origin, { method });
    const response = await send(`${origin}/x/../orders?a=b c&d='&e`, { method: 'patch' });
    expect(await response.json()).toMatchObject({ m: true, q: ['a', 'd', 'e'] });
  });
});

describe('createSigningFetch', () => {
  it.each([
    ['an http origin', 'http://api.example.com'],
    ['an http origin that only looks like loopback', 'http://127.0.0.1.example.com'],
  ])('SHR-32 refuses %s', async (_, origin) => {
    await expect(signingFetch(origin)).rejects.toThrow(ConfigurationError);
  });

  it.each([
    ['http://localhost:3000', {}],
    ['http://127.8.9.10', {}],
    ['http://[::1]:8080', {}],
    ['http://api.internal', { allowHttp: 'always' }],
    ['https://api.example.com/', {}],
  ] as const)('SHR-32 takes the origin %s with %j', async (origin, options) => {
    await expect(signingFetch(origin, options)).resolves.toBeDefined();
  });

  it.each(['api.example.com', 'https://api.example.com/v1', 'ftp://x', 'https://u:p@x'])(
    'refuses %s, which is not an origin',
    async (origin) => {
      await expect(signingFetch(origin)).rejects.toThrow(ConfigurationError);
    },
  );

  it('refuses a request to an origin that the token is not for', async () => {
    const { send, sent } = await signingFetch('https://api.example.com');
    const calls = [
      'https://evil.example/',
      'https://api.example.com:444/',
      'http://api.example.com/',
    ];
    for (const url of calls) await expect(send(url)).rejects.toThrow(/not for/);
    expect(sent).toHaveLength(0);
  });

  it('does not tell a token that it cannot send', async () => {
    const { send, sent } = await signingFetch('https://api.example.com', {
      accessToken: async () => 'secret\n',
    });
    const call = send('https://api.example.com/');
    await expect(call).rejects.toThrow(/^(?!.*secret)/);
    expect(sent).toHaveLength(0);
  });

  it('asks for the token before every request', async () => {
    const { origin } = await startApi();
    const tokens = [await accessToken({ exp: 1 }), await accessToken()];
    const { send } = await signingFetch(origin, { accessToken: () => tokens.shift() ?? '' });
    const statuses = [await send(`${origin}/orders`), await send(`${origin}/orders`)];
    expect(statuses.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('stops when the caller aborts', async () => {
    const { origin } = await startApi();
    const { send } = await signingFetch(origin);
    const call = send(`${origin}/orders`, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

const strict = {
  algorithms: ['ES256'],
  require: ['ts', 'm', 'u', 'p'],
  requireBody: 'when-present',
  maxAgeSeconds: 300,
  futureSkewSeconds: 60,
  transports: ['header'],
  rejectUnsignedQuery: false,
  requiredHeaders: [],
  requirePort: false,
  replay: 'strict',
  jku: 'off',
} satisfies PopOptions['signedHttpRequest'];

function proofIn({ headers }: { headers: Headers }): string | null {
  return headers.get('dpop') ?? headers.get('authorization');
}
