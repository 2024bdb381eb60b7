import { describe, expect, it } from '@jest/globals';
import { UpstreamError, type OutgoingHttp, type Result } from '@keybound/core';
import {
  clientKey,
  clientSecret,
  hash,
  otherKey,
  publicPart,
  T0,
  testClients,
  testServer,
  type TestServer,
} from '@keybound/testing';
import type { Client } from '../extension/client.js';
import type { ClientRecord } from '../storage/client-store.js';

const metadata = {
  redirect_uris: ['https://client.example/cb'],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  application_type: 'web',
  token_endpoint_auth_method: 'private_key_jwt',
  subject_type: 'public',
  id_token_signed_response_alg: 'RS256',
  require_signed_request_object: false,
  require_pushed_authorization_requests: false,
  require_auth_time: false,
  dpop_bound_access_tokens: true,
  pop_bound_access_tokens: false,
  extensions: {},
} as const;

const record: ClientRecord = {
  id: 'client_registered',
  version: 1,
  metadata: { ...metadata, jwks: { keys: [publicPart(clientKey)] } },
  secrets: [],
  registrationTokenHash: hash('reg_x'),
  standing: 'unverified',
  createdAt: T0,
  unusedExpiresAt: undefined,
};

function resolve({ server, clock }: TestServer, clientId: string) {
  const resolution = { endpoint: 'token', unverifiedHeader: undefined, now: clock.now() };
  return server.services.resolveClient(clientId, resolution);
}

function found(result: Result<Client, unknown>): Client {
  if (!result.ok) throw new Error('not found');
  return result.value;
}

/** A network with one key set, which counts how often it is asked for. */
class KeySetAtUrl implements OutgoingHttp {
  fetches: string[] = [];
  keys: readonly object[] = [{ ...publicPart(clientKey), kid: 'a' }];
  down = false;

  get(url: string) {
    this.fetches.push(url);
    if (this.down) return Promise.reject(new UpstreamError('down'));
    const body = Buffer.from(JSON.stringify({ keys: this.keys }));
    return Promise.resolve({ body, maxAgeSeconds: undefined });
  }
}

describe('clients of the configuration', () => {
  it('AS-82 knows hashes of their secrets', async () => {
    const client = found(await resolve(await testServer(), 'secret-1'));
    expect(client.secrets).toEqual([{ hash: hash(clientSecret), expiresAt: undefined }]);
    expect(JSON.stringify(client)).not.toContain(clientSecret);
  });

  it('AS-83 knows their keys', async () => {
    const { keys, source, standing } = found(await resolve(await testServer(), 'client-1'));
    const key = await keys?.find({ algorithm: 'ES256', kid: undefined });
    expect(key).toMatchObject({ ok: true, value: { jwk: { x: clientKey.x } } });
    expect([source, standing]).toEqual(['configured', 'verified']);
  });

  it('makes each of them once', async () => {
    const server = await testServer();
    const [one, two] = await Promise.all([
      resolve(server, 'client-1'),
      resolve(server, 'client-1'),
    ]);
    expect(found(one)).toBe(found(two));
  });

  it('AS-80 knows nobody else', async () => {
    const server = await testServer();
    for (const id of ['nobody', '', '__proto__', 'client-1 ', 'CLIENT-1', 'x'.repeat(3_000)]) {
      expect(await resolve(server, id)).toMatchObject({
        ok: false,
        failure: { error: 'invalid_client' },
      });
    }
  });

  it('INV-9 does not start with clients that cannot work, and names each of them', async () => {
    const [first] = testClients;
    const clients = [
      { client_id: 'a', metadata: { redirect_uris: ['https://client.example/cb'] } },
      { client_id: 'b', metadata: { ...first?.metadata, redirect_uris: ['javascript:x'] } },
      { client_id: 'c', metadata: { ...first?.metadata }, secrets: ['s'.repeat(32)] },
      { client_id: 'd', metadata: { ...first?.metadata } },
    ];
    const start = testServer({ clients });
    await expect(start).rejects.toThrow(/clients\.0\.secrets: do not fit.*client_secret_basic/);
    await expect(start).rejects.toThrow(/clients\.1\.metadata\.redirect_uris: scheme/);
    await expect(start).rejects.toThrow(/clients\.2\.secrets: do not fit/);
    await expect(start).rejects.not.toThrow(/clients\.3/);
  });
});

describe('clients that registered themselves', () => {
  it('AS-216 says that nobody looked at them', async () => {
    const server = await testServer();
    await server.stores.clients.add(record);
    const client = found(await resolve(server, record.id));
    expect(client).toMatchObject({ source: 'registered', standing: 'unverified' });
    expect(client.relaxations.size).toBe(0);
  });

  it('imports their keys once for each version', async () => {
    const server = await testServer();
    await server.stores.clients.add(record);
    const first = found(await resolve(server, record.id));
    expect(found(await resolve(server, record.id))).toBe(first);
    const jwks = { keys: [publicPart(otherKey)] };
    await server.stores.clients.replace({
      ...record,
      version: 2,
      metadata: { ...record.metadata, jwks },
    });
    const second = found(await resolve(server, record.id));
    expect(await second.keys?.find({ algorithm: 'ES256', kid: undefined })).toMatchObject({
      ok: true,
      value: { jwk: { x: otherKey.x } },
    });
  });

  it('AS-220 forgets one that is gone at once', async () => {
    const server = await testServer();
    await server.stores.clients.add(record);
    expect((await resolve(server, record.id)).ok).toBe(true);
    await server.stores.clients.remove(record.id);
    expect((await resolve(server, record.id)).ok).toBe(false);
  });

  it('AS-216 forgets one that was never used in time', async () => {
    const server = await testServer();
    await server.stores.clients.add({ ...record, unusedExpiresAt: T0 });
    expect((await resolve(server, record.id)).ok).toBe(false);
  });

  it('a client of the configuration goes before one of the same name', async () => {
    const server = await testServer();
    await server.stores.clients.add({ ...record, id: 'client-1' });
    expect(found(await resolve(server, 'client-1')).source).toBe('configured');
  });

  it('leaves identifiers that are URLs to others', async () => {
    const server = await testServer();
    await server.stores.clients.add({ ...record, id: 'https://client.example/id' });
    expect((await resolve(server, 'https://client.example/id')).ok).toBe(false);
  });
});

describe('keys at jwks_uri', () => {
  const jwksUri = 'https://client.example/jwks';
  const withUri = { ...record, metadata: { ...metadata, jwks_uri: jwksUri } };
  const query = (kid: string) => ({ algorithm: 'ES256', kid }) as const;

  async function scenario() {
    const http = new KeySetAtUrl();
    const server = await testServer({ http });
    await server.stores.clients.add(withUri);
    const keys = async () => found(await resolve(server, record.id)).keys;
    return { http, server, clock: server.clock, keys };
  }

  it('INV-5 OIDC-14 are fetched when first needed, and then kept', async () => {
    const { http, keys } = await scenario();
    const source = await keys();
    expect(http.fetches).toEqual([]);
    expect(await source?.find(query('a'))).toMatchObject({ ok: true });
    expect(await (await keys())?.find(query('a'))).toMatchObject({ ok: true });
    expect(http.fetches).toEqual([jwksUri]);
  });

  it('AS-83 AS-208 OIDC-14 are fetched for an unknown kid once in 30 s, however many ask', async () => {
    const { http, clock, keys } = await scenario();
    await (await keys())?.find(query('a'));
    const flood = async () => {
      for (let each = 0; each < 20; each += 1) await (await keys())?.find(query(`x${each}`));
    };
    await flood();
    expect(http.fetches).toHaveLength(1);
    clock.advance(30);
    await flood();
    expect(http.fetches).toHaveLength(2);
  });

  it('AS-83 are the new ones within 60 s after a rotation', async () => {
    const { http, clock, keys } = await scenario();
    await (await keys())?.find(query('a'));
    http.keys = [{ ...publicPart(otherKey), kid: 'b' }];
    clock.advance(31);
    expect(await (await keys())?.find(query('b'))).toMatchObject({ ok: true });
    expect(await (await keys())?.find(query('a'))).toMatchObject({ ok: false });
  });

  it('AS-208 are used for an hour while their host is down, and no longer', async () => {
    const { http, clock, keys } = await scenario();
    await (await keys())?.find(query('a'));
    http.down = true;
    clock.advance(3_599);
    expect(await (await keys())?.find(query('a'))).toMatchObject({ ok: true });
    clock.advance(1);
    await expect((await keys())?.find(query('a'))).rejects.toThrow(UpstreamError);
  });

  it('OIDC-14 keeps the cool-down when the client changes, and for all who name the same set', async () => {
    const { http, server, keys } = await scenario();
    await (await keys())?.find(query('a'));
    await server.stores.clients.replace({ ...withUri, version: 2 });
    await server.stores.clients.add({ ...withUri, id: 'client_other' });
    await (await keys())?.find(query('x'));
    await found(await resolve(server, 'client_other')).keys?.find(query('x'));
    expect(http.fetches).toHaveLength(1);
  });
});
