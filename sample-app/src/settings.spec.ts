import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { createApp } from './create-app.js';
import { readSettings } from './settings.js';

describe('readSettings', () => {
  it('needs no variable at all', () => {
    expect(readSettings({ HOME: '/root', ISSUER: '' })).toEqual({
      deployment: 'development',
      adapter: 'express',
      port: 3000,
      issuer: 'http://localhost:3000',
      trustedIssuers: [],
      loopbackFetch: false,
      serverNonces: 'off',
    });
  });

  it('takes the default issuer from the port', () => {
    expect(readSettings({ PORT: '8080' }).issuer).toBe('http://localhost:8080');
    expect(readSettings({ PORT: '80' }).issuer).toBe('http://localhost');
  });

  it('reads a list of trusted issuers', () => {
    const list = 'https://a.example, https://b.example/tenant';
    expect(readSettings({ TRUSTED_ISSUERS: list }).trustedIssuers).toEqual([
      'https://a.example',
      'https://b.example/tenant',
    ]);
  });

  it.each([
    ['a port out of range', { PORT: '65536' }, 'PORT'],
    ['a port that is no number', { PORT: '3000x' }, 'PORT'],
    ['an issuer with a path', { ISSUER: 'https://example.com/auth' }, 'ISSUER'],
    ['an issuer with a trailing slash', { ISSUER: 'https://example.com/' }, 'ISSUER'],
    ['an empty entry in a list', { TRUSTED_ISSUERS: 'https://a.example,' }, 'TRUSTED_ISSUERS'],
    ['a trusted issuer over http', { TRUSTED_ISSUERS: 'http://a.example' }, 'ALLOW_LOOPBACK_FETCH'],
    ['a misspelt environment', { NODE_ENV: 'prod' }, 'NODE_ENV'],
    ['another adapter', { HTTP_ADAPTER: 'koa' }, 'HTTP_ADAPTER'],
    ['another nonce mode', { SERVER_NONCES: '1' }, 'SERVER_NONCES'],
    ['production without an issuer to trust', { NODE_ENV: 'production' }, 'TRUSTED_ISSUERS'],
    ['production over http', { NODE_ENV: 'production', TRUSTED_ISSUERS: 'https://a.b' }, 'ISSUER'],
    ['a store that is not built yet', { STORAGE: 'sqlite:app.db' }, 'STORAGE'],
    ...[
      'REDIS_URL',
      'FEDERATION_ANCHORS',
      'ATTESTERS',
      'SHR_PROFILE',
      'SYMMETRIC_POP',
      'CLIENT_CERT_HEADER',
      'TRUSTED_PROXIES',
    ].map((name) => [`${name}, which is not built yet`, { [name]: 'x' }, name] as const),
  ])('refuses %s, and names it', (_flaw, variables, name) => {
    expect(() => readSettings(variables)).toThrow(ConfigurationError);
    expect(() => readSettings(variables)).toThrow(name);
  });

  it('lists every problem at once', () => {
    expect(() => readSettings({ PORT: '0', SHR_PROFILE: 'microsoft' })).toThrow(
      /PORT: .*\n.*SHR_PROFILE: /,
    );
  });
});

describe('createApp', () => {
  it('THR-84 refuses in production a replay store that only one process knows', async () => {
    const settings = readSettings({
      NODE_ENV: 'production',
      ISSUER: 'https://api.example.com',
      TRUSTED_ISSUERS: 'https://as.example.com',
    });
    await expect(createApp(settings)).rejects.toThrow(/replay store/);
    await expect(createApp(settings)).rejects.toBeInstanceOf(ConfigurationError);
  });
});
