import { describe, expect, it } from '@jest/globals';
import { accept, InMemoryReplayStore, type AuditEvent } from '@keybound/core';
import { requestView, T0, testEndpoint, testPlugIn, testServer } from '@keybound/testing';
import { generatedSigningKeys } from '../keys/generated-signing-keys.js';
import { inMemoryStores } from '../storage/in-memory-stores.js';
import { buildAuthorizationServer } from './build-authorization-server.js';

describe('buildAuthorizationServer', () => {
  it('AS-200 starts with the smallest options that the README shows', async () => {
    const told: AuditEvent[] = [];
    const server = await buildAuthorizationServer(
      {
        deployment: 'development',
        issuer: 'https://as.example.com',
        stores: inMemoryStores(),
        replay: { store: new InMemoryReplayStore() },
        keys: await generatedSigningKeys({}),
        accounts: { claimsOf: () => Promise.resolve(undefined) },
        scopes: { profile: ['name'], 'orders:read': [] },
        clients: [
          {
            client_id: 'shop',
            metadata: {
              redirect_uris: ['https://shop.example/cb'],
              token_endpoint_auth_method: 'none',
            },
          },
        ],
        interactions: { url: (id) => `/login/${id}` },
      },
      [],
      { record: (event) => told.push(event) },
    );
    expect(server.metadata()['issuer']).toBe('https://as.example.com');
    expect(told).toEqual([]);
    const url = server.metadata()['token_endpoint'] as string;
    const answer = await server.handle(accept(requestView({ method: 'GET', url })));
    expect(answer?.status).toBe(405);
    expect(told).toMatchObject([{ kind: 'refused', requirement: 'THR-36' }]);
  });

  it('AS-202 derives what plug-ins publish from the issuer', async () => {
    const urls: string[] = [];
    const plugIn = testPlugIn('urls', (services) => {
      urls.push(services.issuer, services.urlOf('/test'));
      return { endpoints: [testEndpoint({ metadata: (url) => ({ test_endpoint: url }) })] };
    });
    for (const issuer of ['https://as.example.com/', 'https://as.example.com:8443/a/b']) {
      const { server } = await testServer({ issuer }, [plugIn]);
      urls.push(server.metadata()['test_endpoint'] as string);
    }
    expect(urls).toEqual([
      'https://as.example.com/',
      'https://as.example.com/test',
      'https://as.example.com/test',
      'https://as.example.com:8443/a/b',
      'https://as.example.com:8443/a/b/test',
      'https://as.example.com:8443/a/b/test',
    ]);
  });

  it('AS-201 gives the same metadata whatever the Host field says', async () => {
    const { send, server } = await testServer();
    const url = '/.well-known/oauth-authorization-server';
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    expect((await send({ url, headers })).body).toBe((await send({ url })).body);
    expect((await send({ url, headers })).json['issuer']).toBe(server.issuer);
  });

  it('INV-9 does not start where a plug-in cannot', async () => {
    const started: string[] = [];
    const ready = testPlugIn('ready', { start: async () => void started.push('ready') });
    const broken = testPlugIn('broken', { start: () => Promise.reject(new Error('no key')) });
    await expect(testServer({}, [ready, broken])).rejects.toThrow('no key');
    expect(started).toEqual(['ready']);
  });

  it('INV-9 answers a plug-in that asks before all are there with an error, and nobody else', async () => {
    const resolution = { endpoint: 'token', unverifiedHeader: undefined, now: T0 };
    let early: Promise<unknown> = Promise.resolve();
    const hasty = testPlugIn('hasty', (services) => {
      early = services.resolveClient('public-1', resolution).catch((error: unknown) => error);
      return {};
    });
    const { server } = await testServer({}, [hasty]);
    expect(await early).toMatchObject({ message: expect.stringContaining('plugged in') });
    expect((await server.services.resolveClient('public-1', resolution)).ok).toBe(true);
  });
});
