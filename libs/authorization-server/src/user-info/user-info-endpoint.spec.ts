import { beforeEach, describe, expect, it } from '@jest/globals';
import { seconds, type JsonObject } from '@keybound/core';
import {
  claimsIn,
  clientKey,
  dpopProof,
  headerOf,
  issuedJwt,
  issuedReference,
  jkt,
  otherKey,
  publicPart,
  savedCode,
  scene,
  signedRequest,
  T0,
  testAccounts,
  testClients,
  testPlugIn,
  testServer,
  type Flaw,
  type TestServer,
} from '@keybound/testing';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

const url = `${scene.issuer}/userinfo`;
const clientId = 'secret-1';
const scopes = ['openid', 'profile', 'email'];
const bound = { cnf: { jkt } };
const popBound = { cnf: { jwk: publicPart(clientKey) } };

let server: TestServer;
let accounts: Map<string, JsonObject>;

async function begin(
  own: Partial<AuthorizationServerOptions> = {},
  plugIns: Parameters<typeof testServer>[1] = [],
): Promise<void> {
  accounts = new Map([['alice', (await testAccounts.claimsOf('alice')) ?? {}]]);
  const claimsOf = (name: string) => Promise.resolve(accounts.get(name));
  server = await testServer({ accounts: { claimsOf }, keyDistribution: {}, ...own }, plugIns);
  await savedCode(server.stores.grants, { id: 'grant_1', clientId, scopes });
}

beforeEach(() => begin());

function token(own: Flaw = {}): Promise<string> {
  return issuedJwt(server.server, { grant_id: 'grant_1', scope: scopes.join(' '), ...own });
}

async function bearer(accessToken: string, method = 'GET') {
  const headers = { authorization: `Bearer ${accessToken}` };
  return server.send({ method, url, headers });
}

async function underDpop(accessToken: string, method = 'GET', flaw: Flaw = {}, key = clientKey) {
  const proof = await dpopProof({ htm: method, htu: url, ...flaw }, { key }, accessToken);
  const headers = { authorization: `DPoP ${accessToken}`, dpop: proof };
  return server.send({ method, url, headers });
}

async function underPop(accessToken: string, flaw: Flaw = {}, body?: string) {
  const method = body === undefined ? 'GET' : 'POST';
  const members = { m: method, u: 'as.example.com', p: '/userinfo', ...flaw };
  const headers = { authorization: `PoP ${await signedRequest(accessToken, members)}` };
  return server.send({ method, url, headers, ...(body !== undefined && { body }) });
}

type Answer = Awaited<ReturnType<typeof bearer>>;

/** Status, and the schemes with the errors in their challenges. */
function refusal(answer: Answer) {
  const challenges = answer
    .fields('www-authenticate')
    .map((challenge) => [challenge.split(' ', 1)[0], /error="([^"]*)"/.exec(challenge)?.[1]]);
  return { status: answer.status, challenges };
}

const claims = {
  sub: 'alice',
  name: 'Alice Liddell',
  preferred_username: 'alice',
  updated_at: T0 - 86_400,
  email: 'alice@example.com',
  email_verified: true,
};

describe('GET and POST /userinfo', () => {
  it.each(['GET', 'POST'])('AS-175 OIDC-35 takes an unbound token by %s', async (method) => {
    const answer = await bearer(await token(), method);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(claims);
    expect(answer.fields('content-type')).toEqual(['application/json']);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.fields('access-control-allow-origin')).toEqual(['*']);
  });

  it('AS-175 OIDC-35 takes an unbound token in the form of a POST', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `access_token=${await token()}`;
    const answer = await server.send({ method: 'POST', url, headers, body });
    expect(answer.json).toEqual(claims);
  });

  it('AS-175 OIDC-35 takes none in the query, and no bound one in a form', async () => {
    const inQuery = await server.send({ url: `${url}?access_token=${await token()}` });
    expect(inQuery.status).toBe(400);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `access_token=${await token(bound)}`;
    const inForm = await server.send({ method: 'POST', url, headers, body });
    expect(inForm.status).toBe(401);
  });

  it.each(['GET', 'POST'])(
    'AS-175 DPOP-41 takes a bound token with its proof by %s',
    async (method) => {
      const answer = await underDpop(await token(bound), method);
      expect(answer.json).toEqual(claims);
    },
  );

  it('AS-175 DPOP-41 OIDC-35 refuses a bound token as a Bearer token', async () => {
    expect(refusal(await bearer(await token(bound)))).toEqual({
      status: 401,
      challenges: [
        ['PoP', undefined],
        ['DPoP', undefined],
        ['Bearer', 'invalid_token'],
      ],
    });
  });

  it.each<[string, Flaw, typeof clientKey | typeof otherKey]>([
    ['for another token', { ath: 'A'.repeat(43) }, clientKey],
    ['for another method', { htm: 'POST' }, clientKey],
    ['for another URL', { htu: `${scene.issuer}/token` }, clientKey],
    ['by another key', {}, otherKey],
  ])('DPOP-41 refuses a proof %s', async (_what, flaw, key) => {
    const answer = await underDpop(await token(bound), 'GET', flaw, key as typeof clientKey);
    expect(answer.status).toBe(401);
  });

  it('DPOP-41 takes a proof once', async () => {
    const accessToken = await token(bound);
    const proof = await dpopProof({ htu: url }, {}, accessToken);
    const headers = { authorization: `DPoP ${accessToken}`, dpop: proof };
    expect((await server.send({ url, headers })).status).toBe(200);
    expect((await server.send({ url, headers })).status).toBe(401);
  });

  it('OIDC-35 OIDC-40 takes a signed request that covers ts, m, u and p, and no query', async () => {
    expect((await underPop(await token(popBound))).json).toEqual(claims);
    for (const member of ['ts', 'm', 'u', 'p']) {
      const answer = await underPop(await token(popBound), { [member]: undefined });
      expect(refusal(answer)).toEqual({ status: 401, challenges: [['PoP', 'invalid_token']] });
    }
  });

  it('OIDC-40 wants content covered, and an empty one only where it says so', async () => {
    const emptyHash = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';
    expect((await underPop(await token(popBound), {}, 'x=1')).status).toBe(401);
    expect((await underPop(await token(popBound), {}, '')).status).toBe(200);
    expect((await underPop(await token(popBound), { b: emptyHash }, '')).status).toBe(200);
    expect((await underPop(await token(popBound), { b: emptyHash }, 'x=1')).status).toBe(401);
  });

  it('OIDC-35 takes a reference token, for the server itself', async () => {
    const reference = await issuedReference(server.server, { grant_id: 'grant_1', ...bound });
    expect((await underDpop(reference)).json).toEqual({ sub: 'alice' });
  });
});

describe('refusals of /userinfo', () => {
  const everyScheme = [
    ['PoP', undefined],
    ['DPoP', undefined],
    ['Bearer', undefined],
  ];

  it('OIDC-39 AS-175 offers every scheme to a stranger, and names no error', async () => {
    const answer = await server.send({ url });
    expect(refusal(answer)).toEqual({ status: 401, challenges: everyScheme });
    for (const challenge of answer.fields('www-authenticate')) {
      expect(challenge).toMatch(/^\w+ \w+="/);
    }
  });

  it.each<[string, Flaw]>([
    ['an expired token', { exp: T0 - 31 }],
    ['a token for another resource', { aud: scene.resource }],
    ['a token of another issuer', { iss: 'https://other.example' }],
    ['a token of the client itself', { grant_id: undefined, sub: clientId }],
    ['a token of a grant that is gone', { grant_id: 'grant_2' }],
    ['a token of a client that is gone', { client_id: 'client-2' }],
  ])('OIDC-39 refuses %s', async (_what, own) => {
    expect(refusal(await bearer(await token(own)))).toEqual({
      status: 401,
      challenges: [
        ['PoP', undefined],
        ['DPoP', undefined],
        ['Bearer', 'invalid_token'],
      ],
    });
  });

  it('OIDC-39 asks for the scope openid', async () => {
    const answer = await underDpop(await token({ ...bound, scope: 'profile' }));
    expect(refusal(answer)).toEqual({
      status: 403,
      challenges: [
        ['PoP', undefined],
        ['DPoP', 'insufficient_scope'],
        ['Bearer', undefined],
      ],
    });
    expect(answer.fields('www-authenticate')[1]).toContain('scope="openid"');
  });

  it('AS-247 OIDC-39 refuses a revoked token, and a token of a revoked grant', async () => {
    const { grants } = server.stores;
    const revoked = await token({ jti: 'token_1' });
    await grants.revokeAccessToken('token_1', seconds(T0 + 300), T0);
    expect((await bearer(revoked)).status).toBe(401);
    const other = await token();
    expect((await bearer(other)).status).toBe(200);
    await grants.revokeGrant('grant_1', T0);
    expect((await bearer(other)).status).toBe(401);
  });

  it('OIDC-36 OIDC-39 says in the scheme that was used that the user is gone', async () => {
    accounts.delete('alice');
    expect(refusal(await underDpop(await token(bound)))).toEqual({
      status: 401,
      challenges: [
        ['PoP', undefined],
        ['DPoP', 'invalid_token'],
        ['Bearer', undefined],
      ],
    });
    expect(refusal(await underPop(await token(popBound)))).toEqual({
      status: 401,
      challenges: [['PoP', 'invalid_token']],
    });
    expect(server.audit.events.at(-1)).toMatchObject({ code: 'user_info.user_gone' });
  });

  it('DPOP-41 wants a nonce of the server where its proofs need one', async () => {
    await begin({ nonces: { mode: 'required', secrets: ['a'.repeat(32)] } });
    const accessToken = await token(bound);
    const first = await underDpop(accessToken);
    expect(refusal(first).challenges[1]).toEqual(['DPoP', 'use_dpop_nonce']);
    const [nonce] = first.fields('dpop-nonce');
    expect((await underDpop(accessToken, 'GET', { nonce })).status).toBe(200);
  });

  it('OIDC-35 offers no method that is off', async () => {
    await begin({ keyDistribution: 'off' });
    const answer = await server.send({ url });
    expect(refusal(answer).challenges).toEqual([
      ['DPoP', undefined],
      ['Bearer', undefined],
    ]);
  });
});

describe('the claims of /userinfo', () => {
  async function claimsFor(own: Flaw): Promise<JsonObject> {
    return (await bearer(await token(own))).json;
  }

  it('AS-177 OIDC-36 tells the claims of the scopes of the token, and sub always', async () => {
    expect(await claimsFor({ scope: 'openid' })).toEqual({ sub: 'alice' });
    expect(await claimsFor({ scope: 'openid email' })).toEqual({
      sub: 'alice',
      email: 'alice@example.com',
      email_verified: true,
    });
    expect(await claimsFor({ scope: 'openid constructor api:read' })).toEqual({ sub: 'alice' });
  });

  it('OIDC-36 AS-177 leaves out claims without a value', async () => {
    accounts.set('alice', { name: null, preferred_username: '', email: 'a@example.com' });
    expect(await claimsFor({})).toEqual({ sub: 'alice', email: 'a@example.com' });
  });

  it('AS-174 tells what the claims parameter asked of UserInfo, and not of the ID token', async () => {
    const asked = { essential: false, values: undefined };
    const requested = {
      userinfo: { email: { ...asked, essential: true }, unknown: asked, toString: asked },
      id_token: { name: asked },
    };
    const grant = { id: 'grant_2', clientId, scopes: ['openid'], claims: requested };
    await savedCode(server.stores.grants, grant);
    expect(await claimsFor({ grant_id: 'grant_2', scope: 'openid' })).toEqual({
      sub: 'alice',
      email: 'alice@example.com',
    });
  });

  it('AS-174 tells a claim that was asked for by value only where it has one of them', async () => {
    const byValue = (values: string[]) => ({
      userinfo: { email: { essential: false, values } },
      id_token: {},
    });
    const { grants } = server.stores;
    const grant = { clientId, scopes: ['openid'] };
    await savedCode(grants, { ...grant, id: 'grant_2', claims: byValue(['alice@example.com']) });
    await savedCode(grants, { ...grant, id: 'grant_3', claims: byValue(['bob@example.com']) });
    expect(await claimsFor({ grant_id: 'grant_2', scope: 'openid' })).toHaveProperty('email');
    expect(await claimsFor({ grant_id: 'grant_3', scope: 'openid' })).not.toHaveProperty('email');
  });

  it('OIDC-36 takes sub from nowhere but the login', async () => {
    await begin({ scopes: { profile: ['sub', 'iss', 'name'] } });
    accounts.set('alice', { sub: 'mallory', iss: 'https://evil.example', name: 'Alice' });
    expect(await claimsFor({ scope: 'openid profile' })).toEqual({ sub: 'alice', name: 'Alice' });
  });

  it('OIDC-36 AS-181 tells a pairwise client its own sub', async () => {
    const [client] = testClients.filter(({ client_id: id }) => id === clientId);
    if (client === undefined) throw new Error('no client');
    const metadata = { ...client.metadata, subject_type: 'pairwise' };
    await begin({
      clients: [{ ...client, metadata }],
      pairwiseSubjects: { salt: 'a'.repeat(32) },
    });
    const { sub } = await claimsFor({ scope: 'openid' });
    expect(sub).toMatch(/^[\w-]{43}$/);
  });

  it('AS-182 tells what plug-ins add, and fails where they add what they did not declare', async () => {
    const contributing = (added: JsonObject) =>
      testPlugIn('added', {
        contributors: [
          { name: 'added', userInfoClaims: { members: ['webid'], contribute: () => added } },
        ],
      });
    await begin({}, [contributing({ webid: 'https://alice.example/#me' })]);
    expect(await claimsFor({ scope: 'openid' })).toEqual({
      sub: 'alice',
      webid: 'https://alice.example/#me',
    });
    await begin({}, [contributing({ name: 'Mallory' })]);
    await expect(claimsFor({ scope: 'openid' })).rejects.toThrow('did not declare');
  });
});

describe('signed answers of /userinfo', () => {
  async function clientSigning(algorithm: string): Promise<void> {
    const [client] = testClients.filter(({ client_id: id }) => id === clientId);
    if (client === undefined) throw new Error('no client');
    const metadata = { ...client.metadata, userinfo_signed_response_alg: algorithm };
    await begin({ clients: [{ ...client, metadata }] });
  }

  it.each(['RS256', 'ES256'])(
    'AS-176 OIDC-37 signs by %s for a client that registered it',
    async (alg) => {
      await clientSigning(alg);
      const answer = await underDpop(await token(bound));
      expect(answer.fields('content-type')).toEqual(['application/jwt']);
      expect(answer.fields('cache-control')).toEqual(['no-store']);
      expect(headerOf(answer.body)).toEqual({ typ: 'JWT', alg, kid: expect.any(String) });
      expect(claimsIn(answer.body)).toEqual({ ...claims, iss: scene.issuer, aud: clientId });
    },
  );

  it('AS-176 OIDC-37 never answers that client in JSON, whatever it accepts', async () => {
    await clientSigning('ES256');
    const headers = { authorization: `Bearer ${await token()}`, accept: 'application/json' };
    const answer = await server.send({ url, headers });
    expect(answer.fields('content-type')).toEqual(['application/jwt']);
    expect(() => answer.json).toThrow();
  });
});
