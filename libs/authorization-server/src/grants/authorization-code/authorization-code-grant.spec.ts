import { describe, expect, it } from '@jest/globals';
import { seconds } from '@keybound/core';
import {
  answeringLate,
  assertionForm,
  clientKey,
  codeForm,
  hash,
  savedCode,
  secretAuthentication,
  T0,
  testServer,
  textIn,
  tokenName,
  tokenRequest,
  type Form,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';
import { inMemoryStores, type AuthorizationServerOptions } from '../../index.js';

const start = (own: Partial<AuthorizationServerOptions> = {}) => testServer(own);

async function redeem(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  return server.send(await tokenRequest(form, { proofBy: clientKey, ...extras }));
}

/** What a refusal says, and that the code is as it was. */
async function refusal(server: TestServer, form: Form, extras: TokenRequestExtras = {}) {
  const answer = await redeem(server, form, extras);
  return { status: answer.status, error: answer.json['error'] };
}

const invalidGrant = { status: 400, error: 'invalid_grant' };
const invalidRequest = { status: 400, error: 'invalid_request' };

describe('the authorization code grant', () => {
  it('AS-63 takes a code with its redirect_uri, and without', async () => {
    const server = await start();
    const [first, second] = [
      await savedCode(server.stores.grants),
      await savedCode(server.stores.grants),
    ];
    expect(await redeem(server, codeForm(first))).toMatchObject({ status: 200 });
    const without = await redeem(server, codeForm(second, { redirect_uri: undefined }));
    expect(without.status).toBe(200);
  });

  it.each([
    ['another path', 'https://client.example/cb2'],
    ['another case', 'https://client.example/CB'],
    ['a slash more', 'https://client.example/cb/'],
  ])('AS-63 THR-58 refuses a redirect_uri with %s', async (_what, redirect_uri) => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    expect(await refusal(server, codeForm(code, { redirect_uri }))).toEqual(invalidGrant);
    expect((await redeem(server, codeForm(code))).status).toBe(200);
  });

  it('AS-63 THR-58 refuses a code that is missing, unknown, altered or of another kind', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const other = await savedCode(server.stores.grants, {}, { kind: 'urn:example:other' });
    expect(await refusal(server, codeForm('', { code: undefined }))).toEqual(invalidRequest);
    for (const wrong of ['code_unknown', `${code}A`, code.toUpperCase(), hash(code), other]) {
      expect(await refusal(server, codeForm(wrong))).toEqual(invalidGrant);
    }
    expect((await redeem(server, codeForm(code))).status).toBe(200);
  });

  it('AS-17 takes a code in its last second, and refuses it in the next', async () => {
    const server = await start();
    const [first, second] = [
      await savedCode(server.stores.grants),
      await savedCode(server.stores.grants),
    ];
    server.clock.set(T0 + 59);
    expect((await redeem(server, codeForm(first), { now: T0 + 59 })).status).toBe(200);
    server.clock.set(T0 + 60);
    expect(await refusal(server, codeForm(second), { now: T0 + 60 })).toEqual(invalidGrant);
  });

  it('AS-67 THR-58 refuses a code of another client and leaves it to the right one', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const form = codeForm(code, { client_id: undefined });
    expect(await refusal(server, form, { headers: secretAuthentication })).toEqual(invalidGrant);
    expect((await redeem(server, codeForm(code))).status).toBe(200);
  });

  it('AS-67 refuses a code of a client of the same name that another resolver found', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientSource: 'registered' });
    expect(await refusal(server, codeForm(code))).toEqual(invalidGrant);
  });

  it('AS-64 THR-49 refuses a second use, and revokes what came of the first', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const first = await redeem(server, codeForm(code));
    const token = tokenName(first.json['access_token']);
    expect(await server.stores.grants.isAccessTokenActive(token, T0)).toBe(true);
    server.clock.advance(30);
    const second = await redeem(server, codeForm(code), { now: T0 + 30 });
    expect([second.status, second.json['error']]).toEqual([400, 'invalid_grant']);
    expect(await server.stores.grants.isAccessTokenActive(token, seconds(T0 + 30))).toBe(false);
    const refreshToken = hash(textIn(first.json, 'refresh_token'));
    expect(
      await server.stores.grants.findRefreshToken(refreshToken, seconds(T0 + 30)),
    ).toBeUndefined();
    expect(server.audit.events).toContainEqual(
      expect.objectContaining({
        kind: 'reuse',
        code: 'code_reuse',
        grantId: token.grantId,
        clientId: 'public-1',
      }),
    );
  });

  it.each([
    ['with a wrong verifier', { code_verifier: 'a'.repeat(43) }, {}],
    ['with another redirect_uri', { redirect_uri: 'https://client.example/other' }, {}],
    ['by another client', { client_id: undefined }, { headers: secretAuthentication }],
  ])('AS-64 THR-49 revokes nothing on a replay %s', async (_what, own, extras) => {
    const server = await start();
    const code = await savedCode(server.stores.grants);
    const first = await redeem(server, codeForm(code));
    const token = tokenName(first.json['access_token']);
    expect(await refusal(server, codeForm(code, own), extras)).toEqual(invalidGrant);
    expect(await server.stores.grants.isAccessTokenActive(token, T0)).toBe(true);
    expect(server.audit.events.filter(({ kind }) => kind === 'reuse')).toEqual([]);
  });

  it('AS-67 serves a confidential client alike', async () => {
    const server = await start();
    const code = await savedCode(server.stores.grants, { clientId: 'client-1' });
    const form = { ...codeForm(code, { client_id: undefined }), ...(await assertionForm()) };
    expect((await redeem(server, form)).status).toBe(200);
  });
});

interface PkceVectors {
  readonly pairs: readonly { readonly code_verifier: string; readonly S256: string }[];
  readonly tokenRequest: readonly {
    readonly id: string;
    readonly challenge: string | null;
    readonly code_verifier: string | null;
    readonly accept: boolean;
    readonly status?: number;
    readonly error?: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../../test/vectors/authorization-server/as-pkce.json', import.meta.url),
    'utf8',
  ),
) as PkceVectors;

describe('PKCE at the token endpoint', () => {
  it.each(vectors.tokenRequest)('AS-65 THR-46 [as-pkce $id]', async (vector) => {
    const server = await start();
    const code = await savedCode(
      server.stores.grants,
      {},
      { codeChallenge: vector.challenge ?? undefined },
    );
    const answer = await redeem(
      server,
      codeForm(code, { code_verifier: vector.code_verifier ?? undefined }),
    );
    if (vector.accept) {
      expect(answer.status).toBe(200);
      return;
    }
    expect([answer.status, answer.json['error']]).toEqual([vector.status, vector.error]);
    const right = vectors.pairs.find(({ S256 }) => S256 === vector.challenge)?.code_verifier;
    const again = await redeem(server, codeForm(code, { code_verifier: right }));
    expect(again.status).toBe(200);
  });

  it.each(vectors.pairs.map((pair, at) => [`pair ${String(at + 1)}`, pair] as const))(
    'AS-65 [as-pkce %s]',
    async (_name, { code_verifier, S256 }) => {
      const server = await start();
      const code = await savedCode(server.stores.grants, {}, { codeChallenge: S256 });
      expect((await redeem(server, codeForm(code, { code_verifier }))).status).toBe(200);
    },
  );

  it('AS-65 THR-46 burns a code after as many wrong verifiers as the operator allows', async () => {
    const server = await start({ codes: { maxFailures: 3 } });
    const [patient, hasty] = [
      await savedCode(server.stores.grants),
      await savedCode(server.stores.grants),
    ];
    const wrong = (code: string) => codeForm(code, { code_verifier: 'a'.repeat(43) });
    for (let guess = 0; guess < 2; guess++) await refusal(server, wrong(patient));
    for (let guess = 0; guess < 3; guess++) await refusal(server, wrong(hasty));
    expect((await redeem(server, codeForm(patient))).status).toBe(200);
    expect(await refusal(server, codeForm(hasty))).toEqual(invalidGrant);
  });
});

describe('refresh tokens of a code', () => {
  it('AS-178 come with offline_access, to a client that registered for them', async () => {
    const server = await start();
    const online = { scopes: ['openid', 'api:read'], offline: false };
    const [offlineCode, onlineCode] = [
      await savedCode(server.stores.grants),
      await savedCode(server.stores.grants, online),
    ];
    const offline = await redeem(server, codeForm(offlineCode));
    expect(offline.json['refresh_token']).toMatch(/^rt_[\w-]{43}$/);
    expect((await redeem(server, codeForm(onlineCode))).json).not.toHaveProperty('refresh_token');
  });

  it('AS-178 come without it to a client that the operator lets', async () => {
    const client = {
      client_id: 'public-1',
      metadata: {
        redirect_uris: ['https://client.example/cb'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
      relaxations: ['refresh-without-offline-access' as const],
    };
    const server = await start({ clients: [client] });
    const code = await savedCode(server.stores.grants, { scopes: ['api:read'], offline: false });
    expect((await redeem(server, codeForm(code))).json).toHaveProperty('refresh_token');
  });

  it('AS-178 never come to a client that did not register for them', async () => {
    const client = {
      client_id: 'public-1',
      metadata: {
        redirect_uris: ['https://client.example/cb'],
        token_endpoint_auth_method: 'none',
      },
    };
    const server = await start({ clients: [client] });
    const code = await savedCode(server.stores.grants);
    expect((await redeem(server, codeForm(code))).json).not.toHaveProperty('refresh_token');
  });
});

describe('twenty-five redemptions of one code at once', () => {
  it.each([
    ['a store in the process', () => inMemoryStores()],
    [
      'a store that answers late',
      () => {
        const stores = inMemoryStores();
        return { ...stores, grants: answeringLate(stores.grants) };
      },
    ],
  ])('AS-64 THR-49 THR-93 have one winner, with %s', async (_what, makeStores) => {
    const server = await start({ stores: makeStores() });
    const code = await savedCode(server.stores.grants);
    const requests = await Promise.all(
      Array.from({ length: 25 }, () => tokenRequest(codeForm(code), { proofBy: clientKey })),
    );
    const answers = await Promise.all(requests.map((request) => server.send(request)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(refused.map(({ json }) => json['error'])).toEqual(
      Array.from({ length: 24 }, () => 'invalid_grant'),
    );
  });

  it('AS-64 THR-93 would all win, if the code were marked apart from being read', async () => {
    const stores = inMemoryStores();
    const grants = answeringLate(stores.grants, [2]);
    const forgetful = new Proxy(grants, {
      get: (target, name, receiver) =>
        name === 'redeemCode'
          ? () => Promise.resolve('redeemed')
          : (Reflect.get(target, name, receiver) as unknown),
    });
    const server = await start({ stores: { ...stores, grants: forgetful } });
    const code = await savedCode(stores.grants);
    const requests = await Promise.all(
      Array.from({ length: 5 }, () => tokenRequest(codeForm(code), { proofBy: clientKey })),
    );
    const answers = await Promise.all(requests.map((request) => server.send(request)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});
