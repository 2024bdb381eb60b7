import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import { randomBytes } from 'node:crypto';
import { createApp } from '../create-app.js';
import { readSettings } from './read-settings.js';
import { defaultStorage } from '../storage/state-folder.js';

const secret = 'Zq3-_xT7Lm0aKcV9bNwP5rSuYdEfGhJi';

describe('readSettings', () => {
  it('needs no variable at all', () => {
    expect(readSettings({ HOME: '/root', ISSUER: '' })).toEqual({
      deployment: 'development',
      adapter: 'express',
      port: 3000,
      issuer: 'http://localhost:3000',
      trustedIssuers: [],
      loopbackFetch: false,
      logs: 'text',
      serverNonces: 'off',
      storage: { kind: 'memory' },
      redisUrl: undefined,
      storeTimeoutMs: 1_000,
      secrets: [],
      keyHolder: undefined,
      symmetricPop: false,
      shrProfile: 'standard',
      shutdownDelaySeconds: 0,
      loopbackIdentifiers: true,
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
    ['production over http', { NODE_ENV: 'production' }, 'ISSUER'],
    [
      'its own issuer among those of others',
      { ISSUER: 'https://a.example', TRUSTED_ISSUERS: 'https://b.example,https://a.example' },
      'TRUSTED_ISSUERS: names https://a.example, which is this app itself',
    ],
    [
      'an issuer that is trusted twice',
      { TRUSTED_ISSUERS: 'https://a.example,https://a.example' },
      'TRUSTED_ISSUERS: names https://a.example twice',
    ],
    ['an issuer over http elsewhere', { ISSUER: 'http://example.com' }, 'ISSUER'],
    ['another profile', { SHR_PROFILE: 'draft-02' }, 'SHR_PROFILE'],
    ['a storage that there is none of', { STORAGE: 'mysql://db' }, 'STORAGE'],
    ['a SQLite database without a file', { STORAGE: 'sqlite:' }, 'STORAGE'],
    ['a SQLite database at a URL', { STORAGE: 'sqlite:https://h/x' }, 'STORAGE'],
    ['options in the place of a file', { STORAGE: 'sqlite:file:app.db?mode=ro' }, 'STORAGE'],
    ['a Redis that is none', { REDIS_URL: 'http://cache' }, 'REDIS_URL'],
    ['a secret of 31 characters', { KEYBOUND_SECRET: secret.slice(0, 31) }, 'KEYBOUND_SECRET'],
    ['a secret without variety', { KEYBOUND_SECRET: 'x'.repeat(40) }, 'KEYBOUND_SECRET'],
    ['a holder of keys without a path', { KEY_HOLDER: 'unix:' }, 'KEY_HOLDER'],
    ['a delay without a number', { SHUTDOWN_DELAY: '5s' }, 'SHUTDOWN_DELAY'],
    ['a delay of more than a minute', { SHUTDOWN_DELAY: '61' }, 'SHUTDOWN_DELAY'],
    ['a time-out that no answer meets', { STORE_TIMEOUT: '99' }, 'STORE_TIMEOUT'],
    ['a time-out of more than a minute', { STORE_TIMEOUT: '60001' }, 'STORE_TIMEOUT'],
    ['a time-out that is no whole number', { STORE_TIMEOUT: '1e3' }, 'STORE_TIMEOUT'],
    ['a holder of keys on the network', { KEY_HOLDER: 'tcp://holder:9' }, 'KEY_HOLDER'],
    ...['FEDERATION_ANCHORS', 'ATTESTERS', 'CLIENT_CERT_HEADER', 'TRUSTED_PROXIES'].map(
      (name) => [`${name}, which is not built yet`, { [name]: 'x' }, name] as const,
    ),
  ])('refuses %s, and names it', (_flaw, variables, name) => {
    expect(() => readSettings(variables)).toThrow(ConfigurationError);
    expect(() => readSettings(variables)).toThrow(name);
  });

  it.each(['100', '999', '1000', '9999', '10000', '59999', '60000'])(
    'THR-66 waits for stores as long as STORE_TIMEOUT=%s says, in milliseconds',
    (STORE_TIMEOUT) => {
      expect(readSettings({ STORE_TIMEOUT }).storeTimeoutMs).toBe(Number(STORE_TIMEOUT));
    },
  );

  it('takes each default by its name', () => {
    const named = { SERVER_NONCES: 'off', SHR_PROFILE: 'standard', HTTP_ADAPTER: 'express' };
    expect(readSettings(named)).toEqual(readSettings({}));
    expect(readSettings({ NODE_ENV: 'test' })).toEqual(readSettings({}));
  });

  it('lists every problem at once', () => {
    expect(() => readSettings({ PORT: '0', SHR_PROFILE: 'other' })).toThrow(
      /PORT: .*\n.*SHR_PROFILE: /,
    );
  });
});

describe('where things are kept', () => {
  const url = 'postgres://keybound:hunter2@db.example/keybound';

  it.each([
    ['memory', { kind: 'memory' }],
    ['sqlite:app.db', { kind: 'sqlite', file: 'app.db' }],
    ['sqlite:/var/lib/keybound/app.db', { kind: 'sqlite', file: '/var/lib/keybound/app.db' }],
    ['sqlite::memory:', { kind: 'sqlite', file: ':memory:' }],
    [url, { kind: 'postgres', url }],
    [
      'postgresql://db.example/keybound',
      { kind: 'postgres', url: 'postgresql://db.example/keybound' },
    ],
  ])('STORAGE=%s', (STORAGE, storage) => {
    expect(readSettings({ STORAGE }).storage).toEqual(storage);
    expect(readSettings({ STORAGE }, defaultStorage).storage).toEqual(storage);
  });

  it('is a file beside the app where nothing else is said', () => {
    const file = '.keybound/keybound.sqlite';
    expect(readSettings({}, defaultStorage).storage).toEqual({ kind: 'sqlite', file });
    expect(readSettings({ STORAGE: '' }, defaultStorage).storage).toEqual({ kind: 'sqlite', file });
  });

  it('is told to the app as it was given: Redis, the secret, the holder of keys', () => {
    const variables = {
      REDIS_URL: 'rediss://cache.example:6379/0',
      KEYBOUND_SECRET: secret,
      KEY_HOLDER: 'unix:/run/keybound/keys.sock',
    };
    expect(readSettings(variables)).toMatchObject({
      redisUrl: variables.REDIS_URL,
      secrets: [variables.KEYBOUND_SECRET],
      keyHolder: '/run/keybound/keys.sock',
    });
  });

  it('is under several secrets while one takes the place of another', () => {
    const [next, before] = [`next ${secret}`, `before ${secret}`];
    const { secrets } = readSettings({ KEYBOUND_SECRET: `${next}, ${before}` });
    expect(secrets).toEqual([next, before]);
    expect(() => readSettings({ KEYBOUND_SECRET: `${next},` })).toThrow('KEYBOUND_SECRET');
    const third = `${next},${before},${next}`;
    expect(() => readSettings({ KEYBOUND_SECRET: third })).toThrow('KEYBOUND_SECRET: must be one');
  });

  it.each([
    { STORAGE: 'postgres//keybound:hunter2@db.example' },
    { REDIS_URL: 'redis//:hunter2@cache.example' },
    { KEYBOUND_SECRET: 'hunter2' },
  ])('THR-76 repeats no secret where it refuses one: %j', (variables) => {
    expect(messageOf(variables)).toContain(Object.keys(variables)[0]);
    expect(messageOf(variables)).not.toContain('hunter2');
  });
});

describe('in production', () => {
  const complete = {
    NODE_ENV: 'production',
    ISSUER: 'https://api.example.com',
    KEYBOUND_SECRET: secret,
    STORAGE: 'postgres://db.example/keybound',
  };

  it('THR-84 starts with a secret and a storage that lasts, and may ask for nonces', () => {
    expect(readSettings({ ...complete, SERVER_NONCES: 'required' })).toMatchObject({
      deployment: 'production',
      logs: 'json',
      serverNonces: 'required',
      loopbackIdentifiers: false,
    });
    expect(readSettings({ ...complete, STORAGE: '' }, defaultStorage)).toHaveProperty('storage');
  });

  it.each([
    ['without a secret', { KEYBOUND_SECRET: '' }, 'KEYBOUND_SECRET'],
    ['with its storage in memory', { STORAGE: 'memory' }, 'STORAGE'],
    ['with a database in memory', { STORAGE: 'sqlite::memory:' }, 'STORAGE'],
    ['with an issuer over http', { ISSUER: 'http://localhost:3000' }, 'ISSUER'],
    ['without an issuer', { ISSUER: '' }, 'ISSUER: is needed in production'],
    [
      'with an issuer of others over http, wherever requests may go',
      { TRUSTED_ISSUERS: 'http://127.0.0.1:1', ALLOW_LOOPBACK_FETCH: '1' },
      'TRUSTED_ISSUERS: names http://127.0.0.1:1: must be https in production',
    ],
  ])('THR-84 refuses to start %s', (_lack, own, name) => {
    const lines = messageOf({ ...complete, ...own })
      .split('\n')
      .slice(1);
    expect(lines).toEqual([expect.stringContaining(name)]);
  });
});

describe('createApp', () => {
  it('THR-84 refuses in production a replay store that only one process knows', async () => {
    const settings = readSettings({
      NODE_ENV: 'production',
      ISSUER: 'https://api.example.com',
      KEYBOUND_SECRET: randomBytes(32).toString('base64'),
      STORAGE: 'postgres://db.example/keybound',
    });
    const undetected = { ...settings, storage: { kind: 'memory' as const } };
    await expect(createApp(undetected)).rejects.toThrow(/replay store/);
    await expect(createApp(undetected)).rejects.toBeInstanceOf(ConfigurationError);
  });
});

function messageOf(variables: Record<string, string>): string {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('Nothing is refused.');
}
