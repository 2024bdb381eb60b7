import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inMemoryStores, signingKeysFrom } from '@keybound/authorization-server';
import { StoreUnavailableError } from '@keybound/core';
import { issuerKey, signerFor } from '@keybound/testing';
import { randomBytes } from 'node:crypto';
import { createApp } from './create-app.js';
import { greeting } from './greeting.js';
import { runApp, type RunningApp } from './running-app.js';
import { readSettings } from './settings/read-settings.js';
import { defaultStorage } from './storage/state-folder.js';

const audit = { record: () => undefined };
const origin = 'https://page.example';
/** Making an RSA key takes a while. */
const keys = await signingKeysFrom([await signerFor(issuerKey)]);

describe.each(['express', 'fastify'])('the surface of the sample app, on %s', (adapter) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await runApp({ ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 }, { audit });
  });
  afterAll(() => app.close());

  const call = (path: string, init?: RequestInit) =>
    fetch(app.address + path, { redirect: 'manual', ...init });
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');

  describe('pages of other origins', () => {
    it.each(['/token', '/par', '/revoke', '/userinfo', '/api/echo'])(
      'AS-79 DPOP-35 THR-77 may post to %s, without cookies',
      async (path) => {
        const asked = {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,dpop,content-type',
        };
        const preflight = await call(path, { method: 'OPTIONS', headers: { origin, ...asked } });
        expect([preflight.status, allowed(preflight)]).toEqual([204, '*']);
        const answer = await call(path, { method: 'POST', headers: { origin } });
        expect(allowed(answer)).toBe('*');
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
        expect(answer.headers.get('access-control-expose-headers')).toMatch(/DPoP-Nonce/i);
      },
    );

    it.each([
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/api',
      '/jwks',
      '/api/public',
    ])('AS-79 may read %s', async (path) => {
      const answer = await call(path, { headers: { origin } });
      expect([answer.status, allowed(answer)]).toEqual([200, '*']);
    });

    it.each([
      '/',
      '/authorize',
      '/login/interaction_x',
      '/login/interaction_x/decision',
      '/metrics',
      '/readyz',
      '/healthz',
    ])('AS-79 THR-77 may not read %s', async (path) => {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const asked = { origin, 'access-control-request-method': 'POST' };
        expect(allowed(await call(path, { method, headers: asked }))).toBeNull();
      }
    });
  });

  describe('methods', () => {
    it.each(['/api/public', '/healthz', '/jwks', '/.well-known/openid-configuration'])(
      'HEAD says of %s what GET does, without its content',
      async (path) => {
        const head = await call(path, { method: 'HEAD' });
        const get = await call(path);
        expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
          get.status,
          get.headers.get('content-type'),
          '',
        ]);
      },
    );

    it('RS-02 HEAD of a protected resource is refused as GET is', async () => {
      const head = await call('/api/whoami', { method: 'HEAD' });
      expect(head.status).toBe(401);
      expect(head.headers.get('www-authenticate')).toMatch(/^PoP .*, DPoP /);
    });

    it.each(['/token', '/register', '/par', '/introspect', '/revoke'])(
      'AS-60 are refused where they are not meant: GET %s',
      async (path) => {
        const answer = await call(path);
        expect([answer.status, answer.headers.get('allow')]).toEqual([
          405,
          expect.stringMatching(/\bPOST\b/),
        ]);
      },
    );
  });

  it('greets those who open its address', async () => {
    const answer = await call('/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await answer.text();
    for (const [, href = ''] of html.matchAll(/href="([^"]+)"/g)) {
      expect([href, (await call(href)).status]).toEqual([href, href === '/api/whoami' ? 401 : 200]);
    }
  });

  it('AS-216 bounds registration far above what one client needs', async () => {
    for (let at = 0; at < 60; at += 1) {
      const answer = await call('/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://client.example/cb'],
          token_endpoint_auth_method: 'none',
        }),
      });
      expect(answer.status).toBe(201);
    }
  });

  it('AS-201 AS-202 publishes what ISSUER says, wherever it listens', async () => {
    const issuer = 'https://app.example';
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter, ISSUER: issuer }), port: 0 };
    const other = await runApp(settings, { audit, keys });
    const forged = { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' } };
    const of = async (path: string) =>
      (await (await fetch(other.address + path, forged)).json()) as Record<string, string>;
    const metadata = await of('/.well-known/openid-configuration');
    const resource = await of('/.well-known/oauth-protected-resource/api');
    await other.close();
    expect(metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    expect(resource).toMatchObject({ resource: `${issuer}/api`, authorization_servers: [issuer] });
  });

  it('THR-66 says that it is not ready while a store is away, and alive all the same', async () => {
    const stores = inMemoryStores();
    stores.clients.find = () => Promise.reject(new StoreUnavailableError('away'));
    const settings = { ...readSettings({ HTTP_ADAPTER: adapter }), port: 0 };
    const other = await runApp(settings, { audit, keys, stores });
    const ready = await fetch(`${other.address}/readyz`);
    const alive = await fetch(`${other.address}/healthz`);
    await other.close();
    expect([ready.status, await ready.json()]).toEqual([503, { error: 'temporarily_unavailable' }]);
    expect(alive.status).toBe(200);
  });

  it('counts what it refuses, without telling anything that came from outside', async () => {
    await call('/api/whoami');
    await call('/api/whoami', { headers: { authorization: 'DPoP secret-of-somebody' } });
    const answer = await call('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    expect(text).toMatch(/^keybound_events_total\{kind="refused",code="credentials\.none"\} \d+$/m);
    expect(text).not.toContain('secret-of-somebody');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(|# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? (-?\d+(\.\d+)?(e[-+]\d+)?|Nan))$/,
      );
    }
  });

  it('THR-84 does not start in production with what one process remembers only', async () => {
    const settings = readSettings({
      HTTP_ADAPTER: adapter,
      NODE_ENV: 'production',
      ISSUER: 'https://app.example',
      KEYBOUND_SECRET: randomBytes(32).toString('base64'),
      STORAGE: 'sqlite:nowhere',
    });
    expect(settings).toMatchObject({ deployment: 'production', loopbackIdentifiers: false });
    const undetected = { ...settings, storage: { kind: 'memory' as const } };
    const starting = createApp(undetected, { audit }).then((made) => made.init());
    await expect(starting).rejects.toThrow(/store/);
  });
});

describe('what the app says at its start', () => {
  it('AS-201 tells that identifiers on this host may be http, where that is so', () => {
    const told = (variables: Record<string, string>) =>
      greeting(readSettings(variables)).join('\n');
    expect(told({})).toContain('http://localhost:3000');
    expect(told({})).toContain('may be plain http');
    expect(told({ ISSUER: 'https://app.example' })).not.toContain('may be plain http');
    expect(told({ ALLOW_LOOPBACK_FETCH: '1' })).toContain('ALLOW_LOOPBACK_FETCH');
  });

  it('tells where things are kept, and no password', () => {
    const url = 'postgres://keybound:hunter2@db.example/keybound';
    const told = (variables: Record<string, string>) =>
      greeting(readSettings(variables, defaultStorage)).join('\n');
    expect(told({})).toContain('grants and keys are kept in .keybound/keybound.sqlite.');
    expect(told({ STORAGE: 'memory' })).toContain('end with this process');
    expect(told({ STORAGE: url, REDIS_URL: 'redis://:hunter2@cache.example' })).toMatch(
      /kept in PostgreSQL\..*kept in Redis\./s,
    );
    expect(told({ STORAGE: url, REDIS_URL: 'redis://:hunter2@cache.example' })).not.toContain(
      'hunter2',
    );
    expect(told({ KEY_HOLDER: 'unix:/run/keys' })).toMatch(/keys are held at \/run\/keys/);
  });
});
