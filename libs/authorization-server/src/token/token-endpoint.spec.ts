import { describe, expect, it, jest } from '@jest/globals';
import {
  InMemoryReplayStore,
  isThumbprint,
  StoreUnavailableError,
  UpstreamError,
} from '@keybound/core';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  jkt,
  otherKey,
  savedCode,
  scene,
  SettableClock,
  testServer,
  textIn,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import { generatedSigningKeys, inMemoryStores, type AuthorizationServerOptions } from '../index.js';

const start = (own: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ clients: undemandingClients, accessTokens: { requireProof: false }, ...own });

async function send(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  return server.send(await tokenRequest(form, extras));
}

async function refusal(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  const answer = await send(server, form, extras);
  return [answer.status, answer.json['error']];
}

/** Clients of a server whose only signing key is an elliptic one. */
const withoutIdTokens = undemandingClients.map((client) => ({
  ...client,
  metadata: { ...client.metadata, id_token_signed_response_alg: 'ES256' },
}));

const ownAuthority = async (own: Form = {}) => ({
  grant_type: 'client_credentials',
  ...(await assertionForm()),
  ...own,
});

describe('the token endpoint', () => {
  it('AS-76 KD-20 answers with what was issued, and nobody keeps it', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const answer = await send(server, codeForm(code), { proofBy: clientKey });
    expect(answer.status).toBe(200);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(answer.fields('content-type')).toEqual(['application/json']);
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'DPoP',
      expires_in: 300,
      scope: 'openid api:read api:write offline_access',
      refresh_token: expect.stringMatching(/^rt_[\w-]{43}$/),
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  it('AS-76 says Bearer of a token that is bound to nothing', async () => {
    const server = await start();
    const answer = await send(server, await ownAuthority({ scope: 'api:read' }));
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'api:read',
    });
    expect(claimsIn(answer.json['access_token'])).not.toHaveProperty('cnf');
  });

  it('AS-78 names itself in the metadata', async () => {
    const { server } = await start();
    expect(server.metadata()).toMatchObject({ token_endpoint: `${scene.issuer}/token` });
  });

  it.each(['GET', 'PUT', 'DELETE'])('AS-78 is not there for %s', async (method) => {
    const server = await start();
    const answer = await server.send({ method, url: '/token' });
    expect([answer.status, answer.fields('allow')]).toEqual([405, ['POST, OPTIONS']]);
  });

  it.each([
    ['no grant_type', undefined, 'invalid_request'],
    ['an empty grant_type', '', 'invalid_request'],
    ['an unknown grant_type', 'urn:example:unknown', 'unsupported_grant_type'],
    ['password', 'password', 'unsupported_grant_type'],
    ['implicit', 'implicit', 'unsupported_grant_type'],
    ['the name of a member of every object', '__proto__', 'unsupported_grant_type'],
    ['a grant_type that the client did not register', 'client_credentials', 'unauthorized_client'],
  ])('AS-78 refuses %s', async (_what, grant_type, error) => {
    const server = await start();
    const form = { grant_type, client_id: 'public-1', username: 'alice', password: 'wonderland' };
    expect(await refusal(server, form)).toEqual([400, error]);
  });

  it('AS-78 asks who it is before anything else', async () => {
    const server = await start();
    const form = { grant_type: 'urn:example:unknown', client_id: 'nobody' };
    expect(await refusal(server, form)).toEqual([401, 'invalid_client']);
    const wrong = { authorization: `Basic ${Buffer.from('secret-1:wrong').toString('base64')}` };
    const answer = await send(server, { grant_type: 'password' }, { headers: wrong });
    expect([answer.status, answer.fields('www-authenticate')[0]]).toEqual([
      401,
      `Basic realm="${scene.issuer}"`,
    ]);
  });

  it.each(['code', 'code_verifier', 'redirect_uri', 'scope', 'unknown'])(
    'AS-02 KD-24 refuses %s twice, and the code is still good',
    async (name) => {
      const server = await start();
      const code = await savedCode(server.stores.grants);
      const values: Form = { ...codeForm(code), scope: 'openid', unknown: 'x' };
      const value = String(values[name]);
      const twice = codeForm(code, { [name]: [value, value] });
      expect(await refusal(server, twice)).toEqual([400, 'invalid_request']);
      expect((await send(server, codeForm(code))).status).toBe(200);
    },
  );

  it('AS-02 takes a parameter that it does not know, and an empty one', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const form = codeForm(code, { foo: 'bar', scope: '', resource: '' });
    expect((await send(server, form)).status).toBe(200);
  });
});

describe('what must be bound', () => {
  const demanding = (own: Partial<AuthorizationServerOptions> = {}) =>
    start({ accessTokens: {}, ...own });

  it('AS-77 is every access token, public and confidential clients alike', async () => {
    const server = await demanding();
    const code = await savedCode(server.stores.grants);
    expect(await refusal(server, codeForm(code))).toEqual([400, 'invalid_dpop_proof']);
    expect(await refusal(server, await ownAuthority())).toEqual([400, 'invalid_dpop_proof']);
    expect((await send(server, codeForm(code), { proofBy: clientKey })).status).toBe(200);
  });

  it('AS-77 is answered with invalid_request where no proof could help', async () => {
    const server = await demanding({ dpop: 'off', keyDistribution: {} });
    expect(await refusal(server, await ownAuthority())).toEqual([400, 'invalid_request']);
  });

  it('AS-77 is let go for a client by its operator, never by itself', async () => {
    const [configured] = undemandingClients;
    if (configured === undefined) throw new TypeError('There is a client.');
    const relaxed = { ...configured, relaxations: ['unbound-access-tokens' as const] };
    const server = await demanding({ clients: [relaxed] });
    const code = await savedCode(server.stores.grants);
    expect((await send(server, codeForm(code))).json['token_type']).toBe('Bearer');
  });

  it('DPOP-29 THR-21 is what a client registered for DPoP, whatever the operator lets go', async () => {
    const [configured] = undemandingClients;
    if (configured === undefined) throw new TypeError('There is a client.');
    const bound = {
      ...configured,
      metadata: { ...configured.metadata, dpop_bound_access_tokens: true },
      relaxations: ['unbound-access-tokens' as const],
    };
    const server = await start({ clients: [bound] });
    const code = await savedCode(server.stores.grants);
    expect(await refusal(server, codeForm(code))).toEqual([400, 'invalid_dpop_proof']);
    await expect(start({ clients: [bound], dpop: 'off' })).rejects.toThrow(
      /clients\.0\.metadata\.dpop_bound_access_tokens/,
    );
  });

  it('DPOP-29 THR-21 stays so for a client that registered when DPoP was on', async () => {
    const stores = inMemoryStores();
    const registration = { access: 'open' as const };
    const metadata = {
      redirect_uris: ['https://client.example/cb'],
      token_endpoint_auth_method: 'none',
    };
    const before = await start({ stores, registration });
    const registered = await before.send({
      method: 'POST',
      url: '/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    const clientId = textIn(registered.json, 'client_id');
    const server = await start({ stores, registration, dpop: 'off' });
    const code = await savedCode(stores.grants, { clientId, clientSource: 'registered' });
    const form = codeForm(code, { client_id: clientId });
    expect(await refusal(server, form)).toEqual([400, 'invalid_dpop_proof']);
  });

  it('AS-218 DPOP-29 is no token of a client that did not say, where DPoP is off', async () => {
    const server = await testServer({ dpop: 'off', accessTokens: { requireProof: false } });
    const code = await savedCode(server.stores.grants);
    const answer = await send(server, codeForm(code));
    expect([answer.status, answer.json['token_type']]).toEqual([200, 'Bearer']);
  });

  it('KD-02 is what a client registered for pop, and a DPoP token is none', async () => {
    const [configured] = undemandingClients;
    if (configured === undefined) throw new TypeError('There is a client.');
    const metadata = { ...configured.metadata, pop_bound_access_tokens: true };
    const server = await start({
      clients: [{ ...configured, metadata }],
      keyDistribution: { dialects: ['kd-01'] },
    });
    const code = await savedCode(server.stores.grants);
    expect(await refusal(server, codeForm(code))).toEqual([400, 'invalid_request']);
    const proven = await refusal(server, codeForm(code), { proofBy: clientKey });
    expect(proven).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['another key', { proofBy: otherKey }],
    ['no key', {}],
  ])(
    'DPOP-37 THR-25 is a code to the key of dpop_jkt, and %s does not redeem it',
    async (_what, extras) => {
      const server = await start();
      const dpopJkt = isThumbprint(jkt) ? jkt : undefined;
      const code = await savedCode(server.stores.grants, {}, { dpopJkt });
      expect(await refusal(server, codeForm(code), extras)).toEqual([400, 'invalid_grant']);
      expect((await send(server, codeForm(code), { proofBy: clientKey })).status).toBe(200);
    },
  );
});

describe('a request that is refused', () => {
  const wrongs: readonly (readonly [string, Form, string])[] = [
    ['a wider scope', { scope: 'openid admin' }, 'invalid_scope'],
    ['a resource that was not granted', { resource: 'https://other.example' }, 'invalid_target'],
    ['a wrong verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    [
      'details that were not granted',
      { authorization_details: '[]' },
      'invalid_authorization_details',
    ],
  ];

  it.each(wrongs)(
    'INV-3 THR-81 KD-24 uses up neither code nor proof: %s',
    async (_what, own, error) => {
      const server = await start();
      const code = await savedCode(server.stores.grants);
      const right = await tokenRequest(codeForm(code), { proofBy: clientKey });
      const wrong = await tokenRequest(codeForm(code, own));
      const refused = await server.send({ ...wrong, headers: right.headers ?? {} });
      expect([refused.status, refused.json['error']]).toEqual([400, error]);
      expect((await server.send(right)).status).toBe(200);
    },
  );

  it('INV-3 uses up no client assertion', async () => {
    const server = await start();
    const form = await ownAuthority();
    expect(await refusal(server, { ...form, scope: 'admin' })).toEqual([400, 'invalid_scope']);
    expect((await send(server, form)).status).toBe(200);
    expect(await refusal(server, form)).toEqual([401, 'invalid_client']);
  });

  it('INV-3 loses the race for its code, and nothing else', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    await send(server, codeForm(code));
    expect(await refusal(server, codeForm(code))).toEqual([400, 'invalid_grant']);
    const another = await savedCode(server.stores.grants);
    expect((await send(server, codeForm(another))).status).toBe(200);
  });
});

describe('what it costs', () => {
  it('OPS-05 asks a store once for client credentials, to spend assertion and proof together', async () => {
    const calls: string[] = [];
    const counted = <Store extends object>(store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return (...args: readonly unknown[]): unknown => {
            calls.push(String(name));
            return Reflect.apply(member, target, args);
          };
        },
      });
    const { grants, clients, sessions, counters } = inMemoryStores();
    const server = await start({
      stores: {
        grants: counted(grants),
        clients: counted(clients),
        sessions: counted(sessions),
        counters: counted(counters),
      },
      replay: { store: counted(new InMemoryReplayStore()) },
    });
    const form = await ownAuthority();
    expect((await send(server, form, { proofBy: clientKey })).status).toBe(200);
    expect(calls).toEqual(['claim']);
  });
});

describe('when a store or a key holder cannot answer', () => {
  it('AS-271 INV-3 nothing is spent where a token cannot be signed', async () => {
    const keys = await generatedSigningKeys({ clock: new SettableClock(), algorithms: ['ES256'] });
    const server = await start({ keys, clients: withoutIdTokens });
    const current = jest.spyOn(keys, 'current');
    current.mockRejectedValueOnce(new UpstreamError('the key holder is down'));
    const request = await tokenRequest(await ownAuthority(), { proofBy: clientKey });
    expect((await server.send(request)).status).toBe(503);
    expect((await server.send(request)).status).toBe(200);
  });

  it.each(['findCode', 'findGrant', 'redeemCode'] as const)(
    'AS-271 INV-8 nothing is handed out, and the code is as it was (%s)',
    async (method) => {
      const server = await start();
      const code = await savedCode(server.stores.grants);
      const down = jest.spyOn(server.stores.grants, method);
      down.mockRejectedValueOnce(new StoreUnavailableError('down'));
      const answer = await send(server, codeForm(code));
      expect([answer.status, answer.fields('retry-after')]).toEqual([503, [expect.any(String)]]);
      expect(answer.body).not.toContain('access_token');
      expect((await send(server, codeForm(code))).status).toBe(200);
    },
  );
});
