import { describe, expect, it } from '@jest/globals';
import { generateSigner, staticKeys, UpstreamError, type JsonObject } from '@keybound/core';
import {
  answeringLate,
  headerOf,
  issuedJwt,
  scene,
  secretAuthentication,
  SettableClock,
  sharedKeys,
  T0,
  testServer,
  tokenRequest,
} from '@keybound/testing';
import { InMemoryKeyStore } from '../storage/in-memory-key-store.js';
import { generatedSigningKeys } from './generated-signing-keys.js';
import { signingKeysFrom } from './signing-keys-from.js';

describe('GET /jwks', () => {
  it('AS-206 OIDC-13 shows public keys that anybody may keep for a while', async () => {
    const { send } = await testServer();
    const answer = await send({ method: 'GET', url: '/jwks' });
    expect(answer.status).toBe(200);
    expect(answer.fields('content-type')).toEqual(['application/json']);
    expect(answer.fields('cache-control')).toEqual(['public, max-age=900']);
    expect(answer.fields('access-control-allow-origin')).toEqual(['*']);
    const keys = answer.json['keys'] as unknown as readonly JsonObject[];
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ use: 'sig' });
      expect(key['alg']).toMatch(/^(ES|RS)256$/);
      for (const member of ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']) {
        expect(key).not.toHaveProperty(member);
      }
    }
    await expect(staticKeys(answer.json)).resolves.toBeDefined();
  });

  it.each([
    [300, 300],
    [86_400, 900],
  ])(
    'AS-207 THR-64 may be kept no longer than %d seconds, for which a next key is published',
    async (publishAheadSeconds, maxAge) => {
      const keys = await generatedSigningKeys({ algorithms: ['ES256'], publishAheadSeconds });
      const { send } = await testServer({ keys });
      const answer = await send({ method: 'GET', url: '/jwks' });
      expect(answer.fields('cache-control')).toEqual([`public, max-age=${String(maxAge)}`]);
    },
  );

  it('OIDC-11 is where the metadata says', async () => {
    const { send } = await testServer();
    const { json } = await send({ method: 'GET', url: '/.well-known/openid-configuration' });
    expect(json['jwks_uri']).toBe(`${scene.issuer}/jwks`);
  });

  it('AS-207 THR-64 rotates without a restart and without a token that fails', async () => {
    const clock = new SettableClock();
    const keys = await generatedSigningKeys({ algorithms: ['ES256', 'RS256'], clock });
    const server = await testServer({ clock, keys });
    const kept: string[] = [];
    for (let generation = 0; generation < 3; generation += 1) {
      const now = clock.now();
      kept.push(await issuedJwt(server.server, { exp: T0 + 3_600, jti: `token_${generation}` }));
      const { json } = await server.send({ method: 'GET', url: '/jwks' });
      const cached = await staticKeys(json);
      clock.advance(900);
      expect(await keys.rotate(clock.now())).toBe(true);
      const { kid } = await keys.current('ES256', now);
      expect((await cached.find({ algorithm: 'ES256', kid })).ok).toBe(true);
      for (const token of kept) {
        const request = await tokenRequest({ token }, { headers: secretAuthentication });
        const answer = await server.send({ ...request, url: '/introspect' });
        expect(answer.json).toMatchObject({ active: true });
      }
    }
    expect(new Set(kept.map((token) => headerOf(token)['kid'])).size).toBe(3);
  });

  it('AS-207 AS-272 THR-64 has two servers take each other’s tokens through three rotations', async () => {
    const clock = new SettableClock();
    const store = answeringLate(new InMemoryKeyStore());
    const rotateEverySeconds = 1_000;
    const own = { algorithms: ['ES256', 'RS256'] as ('ES256' | 'RS256')[], rotateEverySeconds };
    const both = await Promise.all(
      [1, 2].map(async () => {
        const keys = await sharedKeys(store, { clock, ...own });
        return { keys, ...(await testServer({ clock, keys })) };
      }),
    );
    const kept: string[] = [];
    for (let generation = 0; generation < 4; generation += 1) {
      for (const [at, { server, keys }] of both.entries()) {
        kept.push(await issuedJwt(server, { exp: T0 + 3_900, jti: `t_${generation}_${at}` }));
        for (const token of kept) {
          for (const asked of both) {
            const request = await tokenRequest({ token }, { headers: secretAuthentication });
            const answer = await asked.send({ ...request, url: '/introspect' });
            expect(answer.json).toMatchObject({ active: true });
          }
        }
        await keys.refresh();
      }
      clock.advance(rotateEverySeconds);
    }
    expect(new Set(kept.map((token) => headerOf(token)['kid'])).size).toBe(4);
  });

  it('AS-206 takes no POST', async () => {
    const { send } = await testServer();
    expect((await send({ method: 'POST', url: '/jwks' })).status).toBe(405);
  });

  it('AS-209 THR-66 answers 503 while the holder of the keys cannot say', async () => {
    const keys = {
      ...(await signingKeysFrom([await generateSigner('ES256')])),
      published: () => Promise.reject(new UpstreamError('KMS')),
    };
    const { send } = await testServer({ keys });
    const answer = await send({ method: 'GET', url: '/jwks' });
    expect(answer.status).toBe(503);
    expect(answer.fields('retry-after')).toHaveLength(1);
  });
});
