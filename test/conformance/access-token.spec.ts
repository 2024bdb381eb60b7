import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  issuerKey,
  accessToken,
  jwkBoundToken,
  otherKey,
  publicPart,
  scene,
  signedRequest,
  T0,
} from '@keybound/testing';
import { createHmac } from 'node:crypto';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { challengeOf, parseChallenges } from '../support/challenges.js';

let server: AttackedServer;
beforeAll(async () => {
  server = await attackedServer();
});
afterAll(() => server.close());

async function underPop(token: string) {
  return [['Authorization', `PoP ${await signedRequest(token)}`]] as const;
}

describe('JWT access tokens (RFC 9068), over HTTP', () => {
  it.each([
    ['RS-10', 'typ at+JWT', {}, { typ: 'at+JWT' }],
    ['RS-10', 'typ application/at+jwt', {}, { typ: 'application/at+jwt' }],
    [
      'RS-12',
      'this resource among several in aud',
      { aud: ['https://other.example', scene.resource] },
      {},
    ],
    ['RS-14', 'exp 10 s ago, within the leeway', { exp: T0 - 10 }, {}],
    ['RS-14', 'exp at the last second of the leeway', { exp: T0 - 29 }, {}],
    ['RS-14', 'nbf within the leeway', { nbf: T0 + 30 }, {}],
    [
      'RS-13',
      'a header that names keys of its own',
      {},
      { jku: 'https://evil.example', jwk: publicPart(otherKey) },
    ],
  ])('%s admits %s', async (_requirement, _what, claims, header) => {
    const response = await server.send({
      headers: await underDpop(await accessToken(claims, { header })),
    });
    expect(response.status).toBe(200);
  });

  const flaws: readonly (readonly [string, string, string, object, object])[] = [
    ['RS-10', 'token.typ', 'an ID token', {}, { typ: 'JWT' }],
    ['RS-10', 'token.typ', 'a token without typ', {}, { typ: undefined }],
    ['RS-10', 'token.typ', 'a DPoP proof', {}, { typ: 'dpop+jwt' }],
    ['RS-10', 'token.typ', 'an introspection response', {}, { typ: 'token-introspection+jwt' }],
    ['RS-11', 'token.issuer', 'an issuer with a trailing slash', { iss: `${scene.issuer}/` }, {}],
    ['RS-11', 'token.issuer', 'another issuer', { iss: 'https://evil.example' }, {}],
    ['RS-11', 'token.issuer', 'no issuer', { iss: undefined }, {}],
    [
      'RS-11',
      'token.issuer',
      'an issuer named like a member of every object',
      { iss: 'constructor' },
      {},
    ],
    ['RS-12', 'token.audience', 'another resource', { aud: 'https://other.example' }, {}],
    [
      'RS-12',
      'token.audience',
      'a resource that begins like this one',
      { aud: `${scene.resource}.evil.example` },
      {},
    ],
    ['RS-12', 'token.claims', 'no audience', { aud: undefined }, {}],
    ['RS-12', 'token.claims', 'an empty audience', { aud: [] }, {}],
    ['RS-14', 'token.expired', 'a token that expired 60 s ago', { exp: T0 - 60 }, {}],
    ['RS-14', 'token.expired', 'a token at the first second past the leeway', { exp: T0 - 30 }, {}],
    ['RS-14', 'token.not_yet_valid', 'a token that is not valid yet', { nbf: T0 + 31 }, {}],
    ['RS-14', 'token.claims', 'exp as text', { exp: String(T0 + 600) }, {}],
    ['RS-14', 'token.claims', 'no exp', { exp: undefined }, {}],
    ['RS-14', 'token.claims', 'no sub', { sub: undefined }, {}],
    ['RS-14', 'token.claims', 'no client_id', { client_id: undefined }, {}],
    ['RS-14', 'token.claims', 'no iat', { iat: undefined }, {}],
    ['RS-14', 'token.claims', 'no jti', { jti: undefined }, {}],
    ['RS-13', 'token.key', 'an unknown kid', {}, { kid: 'issuer-2' }],
  ];

  it.each(flaws)(
    '%s RS-18 (%s) refuses %s under DPoP',
    async (requirement, code, _what, claims, header) => {
      const response = await server.send({
        headers: await underDpop(await accessToken(claims as never, { header: header as never })),
      });
      expect(response.status).toBe(401);
      const challenges = response.all('www-authenticate');
      expect(challengeOf(challenges, 'DPoP')?.parameters['error']).toBe('invalid_token');
      expect(challengeOf(challenges, 'PoP')?.parameters['error']).toBeUndefined();
      expect(server.audit.events.at(-1)).toMatchObject({ kind: 'refused', requirement, code });
    },
  );

  it.each(flaws)(
    '%s RS-18 (%s) refuses %s inside a signed HTTP request',
    async (requirement, code, _what, claims, header) => {
      const token = await jwkBoundToken(claims as never, { header: header as never });
      const response = await server.send({ headers: await underPop(token) });
      expect(response.status).toBe(401);
      const challenges = parseChallenges(response.all('www-authenticate'));
      expect(challenges.map(({ scheme, parameters }) => [scheme, parameters['error']])).toEqual([
        ['PoP', 'invalid_token'],
      ]);
      expect(server.audit.events.at(-1)).toMatchObject({ requirement, code });
    },
  );

  it('RS-13 refuses a token that is signed by another key', async () => {
    const token = await accessToken({}, { key: otherKey });
    const response = await server.send({ headers: await underDpop(token) });
    expect(challengeOf(response.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'invalid_token',
    );
    expect(server.audit.events.at(-1)?.code).toBe('token.signature');
  });

  it.each([
    ['none', () => ''],
    [
      'HS256',
      (input: string) =>
        createHmac('sha256', JSON.stringify(publicPart(issuerKey)))
          .update(input)
          .digest('base64url'),
    ],
  ])('RS-13 refuses alg %s', async (alg, sign) => {
    const [, payload = ''] = (await accessToken()).split('.');
    const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid: 'issuer-1' })).toString(
      'base64url',
    );
    const token = `${header}.${payload}.${sign(`${header}.${payload}`)}`;
    const response = await server.send({ headers: await underDpop(token) });
    expect(response.status).toBe(401);
    expect(challengeOf(response.all('www-authenticate'), 'DPoP')?.parameters['error']).toBe(
      'invalid_token',
    );
    expect(server.audit.events.at(-1)?.code).toBe('token.alg');
  });

  it('RS-09 names the token where both token and binding are wrong', async () => {
    const token = await accessToken({ exp: T0 - 60, cnf: { jkt: 'A'.repeat(43) } });
    await server.send({ headers: await underDpop(token) });
    expect(server.audit.events.at(-1)?.code).toBe('token.expired');
  });

  it('RS-09 names the binding before a missing scope', async () => {
    const demanding = await attackedServer({}, { scopes: ['orders:admin'] });
    const token = await accessToken({ cnf: { jkt: 'A'.repeat(43) } });
    const response = await demanding.send({ headers: await underDpop(token) });
    expect(response.status).toBe(401);
    expect(demanding.audit.events.at(-1)?.code).toBe('dpop.other_key');
    await demanding.close();
  });

  it('takes the tokens of an issuer that predates RFC 9068 only where told to', async () => {
    const legacy = await attackedServer({
      issuers: [
        {
          issuer: scene.issuer,
          jwks: { keys: [{ ...publicPart(issuerKey), kid: 'issuer-1' }] },
          tokens: 'untyped',
        },
      ],
    });
    const token = await accessToken(
      { client_id: undefined, jti: undefined, azp: 'client-9' },
      { header: { typ: 'JWT' } },
    );
    expect((await legacy.send({ headers: await underDpop(token) })).status).toBe(200);
    const proof = await accessToken({}, { header: { typ: 'dpop+jwt' } });
    expect((await legacy.send({ headers: await underDpop(proof) })).status).toBe(401);
    await legacy.close();
  });

  it('RS-14 judges time anew for a token that was verified before', async () => {
    const own = await attackedServer();
    const token = await accessToken();
    expect((await own.send({ headers: await underDpop(token) })).status).toBe(200);
    own.clock.set(T0 + 640);
    const response = await own.send({ headers: await underDpop(token) });
    expect(response.status).toBe(401);
    await own.close();
  });
});

describe('step-up (RFC 9470), over HTTP', () => {
  let demanding: AttackedServer;
  beforeAll(async () => {
    demanding = await attackedServer(
      {},
      { acrValues: ['phr', 'mfa'], maxAuthenticationAgeSeconds: 300 },
    );
  });
  afterAll(() => demanding.close());

  it.each([
    ['an acr that is asked for', { acr: 'mfa', auth_time: T0 - 100 }],
    ['the last second of the window', { acr: 'phr', auth_time: T0 - 330 }],
  ])('RS-39 admits %s', async (_what, claims) => {
    expect(
      (await demanding.send({ headers: await underDpop(await accessToken(claims)) })).status,
    ).toBe(200);
  });

  it.each([
    ['another acr', { acr: 'pwd', auth_time: T0 }],
    ['no acr', { auth_time: T0 }],
    ['an acr that is no text', { acr: ['mfa'], auth_time: T0 }],
    ['an authentication too long ago', { acr: 'mfa', auth_time: T0 - 331 }],
    ['no auth_time', { acr: 'mfa' }],
  ])('RS-38 RS-39 refuses %s, and says what is needed', async (_what, claims) => {
    const response = await demanding.send({ headers: await underDpop(await accessToken(claims)) });
    expect(response.status).toBe(401);
    const challenges = response.all('www-authenticate');
    expect(challengeOf(challenges, 'DPoP')?.parameters).toMatchObject({
      error: 'insufficient_user_authentication',
      acr_values: 'phr mfa',
      max_age: '300',
    });
    expect(challengeOf(challenges, 'PoP')?.parameters['acr_values']).toBeUndefined();
    expect(demanding.audit.events.at(-1)?.requirement).toBe('RS-39');
  });

  it('RS-39 tells a stranger nothing of it', async () => {
    const response = await demanding.send({});
    expect(response.all('www-authenticate').join()).not.toContain('acr_values');
  });
});
