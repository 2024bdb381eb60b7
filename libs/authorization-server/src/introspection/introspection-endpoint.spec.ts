import { beforeEach, describe, expect, it } from '@jest/globals';
import { seconds, signCompactJws, type JsonObject } from '@keybound/core';
import {
  assertionForm,
  claimsIn,
  clientKey,
  clientSecret,
  headerOf,
  issuedJwt,
  issuedReference,
  jkt,
  otherKey,
  publicPart,
  savedRefreshToken,
  scene,
  secretAuthentication,
  signerFor,
  T0,
  testClients,
  testPlugIn,
  testServer,
  tokenRequest,
  type Flaw,
  type Form,
  type TestServer,
} from '@keybound/testing';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

const rsSecret = 'rs-1-0123456789abcdef0123456789abcdef';

function basic(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

const asResource = basic('rs-1', rsSecret);
const withResource: Partial<AuthorizationServerOptions> = {
  clients: [
    ...testClients,
    {
      client_id: 'rs-1',
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      secrets: [rsSecret],
      introspects: [scene.resource],
    },
  ],
  resources: [{ resource: scene.resource, scopes: ['api:read', 'api:write'] }],
};

let server: TestServer;
beforeEach(async () => {
  server = await testServer(withResource);
});

async function introspect(
  token: string,
  headers: Record<string, string> = secretAuthentication,
  more: Form = {},
) {
  const request = await tokenRequest({ token, ...more }, { headers });
  return server.send({ ...request, url: '/introspect' });
}

async function activeFor(
  token: string,
  headers: Record<string, string> = secretAuthentication,
): Promise<JsonObject> {
  return (await introspect(token, headers)).json;
}

const inactive = { active: false };
const forResource = { aud: scene.resource, scope: 'openid api:read' };

/** Both formats, since nobody may tell them apart here. */
const formats = [
  ['a JWT', (own: Flaw = {}) => issuedJwt(server.server, own)],
  ['a reference', (own: Flaw = {}) => issuedReference(server.server, own)],
] as const;

describe.each(formats)('POST /introspect, for %s', (_format, issued) => {
  it('AS-144 tells the claims of an active token to its client', async () => {
    const details = [{ type: 'payment', amount: 1 }];
    const token = await issued({
      acr: 'urn:gold',
      auth_time: T0 - 9,
      act: { sub: 'client-1' },
      authorization_details: details,
    });
    const answer = await introspect(token);
    expect(answer.status).toBe(200);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.json).toEqual({
      active: true,
      iss: scene.issuer,
      sub: 'alice',
      aud: scene.issuer,
      client_id: 'secret-1',
      scope: 'openid',
      jti: expect.any(String),
      iat: T0,
      exp: T0 + 300,
      token_type: 'Bearer',
      acr: 'urn:gold',
      auth_time: T0 - 9,
      act: { sub: 'client-1' },
      authorization_details: details,
    });
  });

  it('DPOP-19 CNF-15 KD-10 tells the binding at top level, and the type that goes with it', async () => {
    const jwk = publicPart(clientKey);
    const cases = [
      [{ jkt }, 'DPoP'],
      [{ jwk }, 'pop'],
      [{ kid: 'key-1' }, 'pop'],
      [{ jwe: 'a.b.c.d.e' }, 'pop'],
      [{ 'x5t#S256': jkt }, 'Bearer'],
    ] as const;
    for (const [cnf, type] of cases) {
      const answer = await activeFor(await issued({ cnf }));
      expect(answer).toMatchObject({ active: true, cnf, token_type: type });
    }
    expect(await activeFor(await issued())).not.toHaveProperty('cnf');
  });

  it('AS-143 RS-24 tells a resource what means something there', async () => {
    const token = await issued({ ...forResource, grant_id: undefined });
    expect(await activeFor(token, asResource)).toMatchObject({
      active: true,
      scope: 'api:read',
      client_id: 'secret-1',
    });
  });

  it('AS-144 RS-24 tells a resource the authorization details that belong there', async () => {
    const type = {
      type: 'payment',
      parse: (detail: AuthorizationDetail) => detail,
      isWithin: () => true,
      audienceOf: ({ at }: AuthorizationDetail) => [at as string],
    };
    const added = testPlugIn('payments', { authorizationDetailsTypes: [type] });
    server = await testServer(withResource, [added]);
    const here = { type: 'payment', at: scene.resource };
    const elsewhere = { type: 'payment', at: 'https://bank.example' };
    const told = async (details: readonly JsonObject[]) => {
      const token = await issued({ ...forResource, authorization_details: details });
      return (await activeFor(token, asResource))['authorization_details'];
    };
    expect(await told([here, elsewhere])).toEqual([here]);
    expect(await told([elsewhere])).toBeUndefined();
  });

  it('AS-143 RS-21 RS-24 tells a resource nothing of a token for another', async () => {
    expect(await activeFor(await issued(), asResource)).toEqual(inactive);
  });

  it('AS-143 THR-43 tells another client nothing', async () => {
    const token = await issued(forResource);
    const request = await tokenRequest({ token, ...(await assertionForm()) });
    const answer = await server.send({ ...request, url: '/introspect' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(inactive);
  });

  it('AS-143 RS-21 says that a token is over from the second of its exp on', async () => {
    const token = await issued();
    server.clock.advance(299);
    expect(await activeFor(token)).toMatchObject({ active: true });
    server.clock.advance(1);
    expect(await activeFor(token)).toEqual(inactive);
  });

  it('AS-141 RS-21 says that a revoked token is over', async () => {
    const token = await issued({ jti: 'token_1' });
    await server.stores.grants.revokeAccessToken('token_1', seconds(T0 + 300), T0);
    expect(await activeFor(token)).toEqual(inactive);
  });

  it('AS-141 RS-21 says that a token of a revoked grant is over', async () => {
    await savedRefreshToken(server.stores.grants, { id: 'grant_1', clientId: 'secret-1' });
    const token = await issued({ grant_id: 'grant_1' });
    expect(await activeFor(token)).toMatchObject({ active: true });
    expect(await activeFor(token)).not.toHaveProperty('grant_id');
    await server.stores.grants.revokeGrant('grant_1', T0);
    expect(await activeFor(token)).toEqual(inactive);
  });

  it.each(['refresh_token', 'access_token', 'nonsense'])(
    'RS-23 THR-43 finds it whatever the hint: %s',
    async (hint) => {
      const answer = await introspect(await issued(), secretAuthentication, {
        token_type_hint: hint,
      });
      expect(answer.json).toMatchObject({ active: true });
    },
  );
});

describe('POST /introspect, for what is no access token of ours', () => {
  it.each<[string, () => Promise<string> | string]>([
    ['an unknown reference', () => 'at_unknown'],
    ['a word', () => 'word'],
    ['periods', () => 'a.b.c'],
    ['a token of another issuer', () => issuedJwt(server.server, { iss: 'https://as.example' })],
    ['a token of tomorrow', () => issuedJwt(server.server, { nbf: T0 + 1 })],
    ['a token without jti', () => issuedJwt(server.server, { jti: undefined })],
    ['an ID token', () => issuedJwt(server.server, {}, { typ: 'JWT' })],
    ['a logout token', () => issuedJwt(server.server, {}, { typ: 'logout+jwt' })],
    ['a key of nobody', () => issuedJwt(server.server, {}, { kid: 'unknown' })],
    ['a token of 8,193 characters', () => `at_${'a'.repeat(8_190)}`],
  ])('RS-21 THR-43 answers %s like any other', async (_what, token) => {
    const answer = await introspect(await token());
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('{"active":false}');
  });

  it('RS-21 does not believe a signature of another key under our kid', async () => {
    const good = await issuedJwt(server.server);
    const header = { typ: 'at+jwt', kid: headerOf(good)['kid'] };
    const forged = await signCompactJws(header, claimsIn(good), await signerFor(otherKey));
    expect(await activeFor(forged)).toEqual(inactive);
  });
});

describe('POST /introspect, for refresh tokens', () => {
  const own = { clientId: 'secret-1', scopes: ['openid', 'api:read'] };

  it('AS-145 tells its own client about it', async () => {
    const token = await savedRefreshToken(server.stores.grants, own, { clientId: 'secret-1' });
    expect(await activeFor(token)).toEqual({
      active: true,
      iss: scene.issuer,
      client_id: 'secret-1',
      sub: 'alice',
      scope: 'openid api:read',
      iat: T0,
      exp: T0 + 1_209_600,
    });
  });

  it('AS-145 tells nobody else: a resource or another client', async () => {
    const token = await savedRefreshToken(server.stores.grants, own, { clientId: 'secret-1' });
    expect(await activeFor(token, asResource)).toEqual(inactive);
    const request = await tokenRequest({ token, ...(await assertionForm()) });
    expect((await server.send({ ...request, url: '/introspect' })).json).toEqual(inactive);
  });

  it('AS-145 RS-21 calls one that was replaced or revoked inactive', async () => {
    const { grants } = server.stores;
    const replaced = await savedRefreshToken(grants, own, {
      clientId: 'secret-1',
      retiredAt: T0,
    });
    expect(await activeFor(replaced)).toEqual(inactive);
    const revoked = await savedRefreshToken(
      grants,
      { ...own, id: 'grant_2' },
      { clientId: 'secret-1' },
    );
    await grants.revokeGrant('grant_2', T0);
    expect(await activeFor(revoked)).toEqual(inactive);
  });

  it('AS-145 calls one that nobody used for too long inactive', async () => {
    const idleExpiresAt = seconds(T0 + 100);
    const token = await savedRefreshToken(server.stores.grants, own, {
      clientId: 'secret-1',
      idleExpiresAt,
    });
    server.clock.advance(99);
    expect(await activeFor(token)).toMatchObject({ active: true, exp: T0 + 100 });
    server.clock.advance(1);
    expect(await activeFor(token)).toEqual(inactive);
  });
});

describe('POST /introspect, the caller', () => {
  it.each<[string, Record<string, string>, Form]>([
    ['nobody', {}, {}],
    ['who knows the identifier of a public client', {}, { client_id: 'public-1' }],
    ['who has the wrong secret', basic('secret-1', `${clientSecret}x`), {}],
  ])('AS-143 RS-20 THR-43 is not %s', async (_who, headers, more) => {
    const answer = await introspect(await issuedJwt(server.server), headers, more);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error: 'invalid_client' });
  });

  it('THR-43 is not whoever holds the token', async () => {
    const token = await issuedJwt(server.server);
    const answer = await introspect(token, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(401);
  });

  it('RS-20 THR-43 does not ask by GET', async () => {
    const answer = await server.send({ method: 'GET', url: '/introspect?token=a' });
    expect(answer.status).toBe(405);
    expect(answer.fields('allow')).toEqual(['POST']);
  });

  it('AS-143 THR-35 names one token', async () => {
    const none = await introspect('');
    expect([none.status, none.json['error']]).toEqual([400, 'invalid_request']);
    const token = await issuedJwt(server.server);
    const request = await tokenRequest(
      { token: [token, token] },
      { headers: secretAuthentication },
    );
    const twice = await server.send({ ...request, url: '/introspect' });
    expect([twice.status, twice.json['error']]).toEqual([400, 'invalid_request']);
  });

  it('THR-40 shows an assertion once', async () => {
    const form = { token: 'at_unknown', ...(await assertionForm()) };
    const request = { ...(await tokenRequest(form)), url: '/introspect' };
    expect((await server.send(request)).status).toBe(200);
    expect((await server.send(request)).status).toBe(401);
  });
});

describe('POST /introspect, signed', () => {
  const signed = { accept: 'application/token-introspection+jwt' };

  it('AS-146 RS-25 RS-26 signs for the caller that asks for it', async () => {
    const token = await issuedJwt(server.server, { cnf: { jkt } });
    const answer = await introspect(token, { ...secretAuthentication, ...signed });
    expect(answer.fields('content-type')).toEqual(['application/token-introspection+jwt']);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(headerOf(answer.body)).toEqual({
      typ: 'token-introspection+jwt',
      alg: 'RS256',
      kid: expect.any(String),
    });
    expect(claimsIn(answer.body)).toEqual({
      iss: scene.issuer,
      aud: 'secret-1',
      iat: T0,
      token_introspection: await activeFor(token),
    });
  });

  it('AS-146 RS-26 says nothing more of an inactive token', async () => {
    const answer = await introspect('at_unknown', { ...secretAuthentication, ...signed });
    expect(claimsIn(answer.body)['token_introspection']).toEqual(inactive);
  });

  it.each([
    [undefined],
    ['application/json'],
    ['*/*'],
    ['application/token-introspection+jwt;q=0'],
    ['application/token-introspection+jwt; q=0.000, application/json'],
  ])('AS-146 RS-25 answers in JSON where Accept is %s', async (accept) => {
    const headers = { ...secretAuthentication, ...(accept !== undefined && { accept }) };
    const answer = await introspect('at_unknown', headers);
    expect(answer.fields('content-type')).toEqual(['application/json']);
  });

  it('AS-146 finds its type among others', async () => {
    const accept = 'application/json;q=0.5, Application/Token-Introspection+JWT;q=0.9';
    const answer = await introspect('at_unknown', { ...secretAuthentication, accept });
    expect(answer.fields('content-type')).toEqual(['application/token-introspection+jwt']);
  });

  it('AS-146 signs always, as registered, for a client that registered it', async () => {
    const [secretClient] = testClients.filter(({ client_id: id }) => id === 'secret-1');
    if (secretClient === undefined) throw new Error('no client');
    const metadata = { ...secretClient.metadata, introspection_signed_response_alg: 'ES256' };
    server = await testServer({ clients: [{ ...secretClient, metadata }] });
    const answer = await introspect(await issuedJwt(server.server));
    expect(headerOf(answer.body)['alg']).toBe('ES256');
    expect(claimsIn(answer.body)['token_introspection']).toMatchObject({ active: true });
  });
});

describe('in the same process', () => {
  it('AS-147 CNF-15 tells resource servers what a reference stands for', async () => {
    const token = await issuedReference(server.server, { cnf: { jkt } });
    const { introspection } = server.server;
    expect(await introspection.introspect(token, T0)).toMatchObject({
      ok: true,
      value: { active: true, cnf: { jkt }, token_type: 'DPoP' },
    });
    expect(await introspection.introspect('at_unknown', T0)).toEqual({ ok: true, value: inactive });
  });
});
