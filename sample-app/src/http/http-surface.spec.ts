import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, type IncomingHttpHeaders } from 'node:http';
import { runApp, type RunningApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';

describe.each(['express', 'fastify'])('HTTP around the API, on %s', (adapter) => {
  let app: RunningApp;

  beforeAll(async () => {
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 };
    app = await runApp(settings, { audit: { record: () => undefined } });
  });
  afterAll(() => app.close());

  const call = (path: string, init?: RequestInit) => fetch(app.address + path, init);

  describe('browsers', () => {
    const origin = 'https://app.example';

    it('DPOP-35 THR-77 answers a preflight without credentials', async () => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,dpop,content-type',
      };
      const answer = await call('/api/echo', { method: 'OPTIONS', headers });
      expect(answer.status).toBe(204);
      expect(names(answer.headers.get('access-control-allow-headers'))).toEqual(
        expect.arrayContaining(['authorization', 'dpop', 'content-type']),
      );
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    });

    it.each(['PUT', 'PATCH', 'DELETE'])('DPOP-35 THR-77 lets pages %s', async (method) => {
      const headers = { origin, 'access-control-request-method': method };
      const answer = await call('/api/whoami', { method: 'OPTIONS', headers });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const allowed = (answer.headers.get('access-control-allow-methods') ?? '').split(/, ?/);
      expect(allowed).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
      expect(allowed).toContain(method);
    });

    it('AS-79 THR-77 lets no page of another origin log in, authorize, register or introspect', async () => {
      for (const path of [
        '/login/x',
        '/authorize',
        '/register',
        '/register/client',
        '/introspect',
      ]) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        for (const method of ['OPTIONS', 'POST']) {
          const answer = await call(path, { method, headers });
          expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        }
      }
    });

    it('DPOP-35 OPS-15 THR-77 lets pages read challenges and nonces, of errors too', async () => {
      for (const path of ['/api/public', '/api/whoami', '/nowhere']) {
        const answer = await call(path, { headers: { origin } });
        expect(names(answer.headers.get('access-control-expose-headers'))).toEqual(
          expect.arrayContaining(['www-authenticate', 'dpop-nonce']),
        );
      }
    });
  });

  it('THR-37 says how long it keeps a connection that is idle: five seconds, as proxies are told', async () => {
    const { headers } = await raw(app.address, 'GET', '/api/public', { connection: 'keep-alive' });
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=5' });
  });

  describe('errors', () => {
    it.each([
      ['malformed JSON', 400, '{"a":'],
      ['more JSON than is parsed', 413, JSON.stringify(['x'.repeat(200_000)])],
    ])('INV-4 have the shape of OAuth: %s', async (_flaw, status, body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await raw(app.address, 'POST', '/api/echo', headers, body);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toEqual({ error: 'invalid_request' });
    });

    it('INV-4 have the shape of OAuth: an unreadable target', async () => {
      const answer = await raw(app.address, 'GET', '/api/%zz', {});
      expect([400, 404]).toContain(answer.status);
      expect(JSON.parse(answer.body)).toEqual({
        error: expect.stringMatching(/^(invalid_request|not_found)$/),
      });
    });

    it('INV-4 have the shape of OAuth: an unknown route', async () => {
      const answer = await call('/api/nothing/here');
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({ error: 'not_found' });
    });
  });

  describe('THR-32 spellings of a path', () => {
    it.each([
      '//api/whoami',
      '/api//whoami',
      '/API/whoami',
      '/api/WHOAMI',
      '/api/whoami/',
      '/api/whoami//',
      '/%61pi/whoami',
      '/api/%77hoami',
      '/api%2fwhoami',
      '/api/./whoami',
      '/./api/whoami',
      '/api/public/../whoami',
      '/api/public/..%2fwhoami',
      '/api/public/%2e%2e/whoami',
      '/api/public/..;/whoami',
      '/api;x=1/whoami',
      '/api/whoami;x=1',
      '/api/whoami.json',
      '/api/whoami%00',
      '/api/whoami?/../public',
      '/api/whoami#/../public',
      '/api\\whoami',
    ])('THR-32 lets nobody in under %s', async (path) => {
      const headers = { 'x-original-url': '/api/public', 'x-rewrite-url': '/api/public' };
      const answer = await raw(app.address, 'GET', path, headers);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    });

    it('THR-32 ignores fields that ask for another path', async () => {
      const headers = { 'x-original-url': '/api/whoami', 'x-rewrite-url': '/api/whoami' };
      const answer = await raw(app.address, 'GET', '/api/public', headers);
      expect(JSON.parse(answer.body)).toEqual({ hello: 'world' });
    });
  });
});

function names(field: string | null): readonly string[] {
  return (field ?? '').split(',').map((name) => name.trim().toLowerCase());
}

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the path as it is written; `fetch` would tidy it up. */
function raw(
  address: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const sent = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
