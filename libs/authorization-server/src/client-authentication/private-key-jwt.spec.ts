import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { signCompactJws, type OutgoingHttp, type Rejection, type Result } from '@keybound/core';
import {
  clientKey,
  otherKey,
  publicPart,
  requestView,
  scene,
  signerFor,
  T0,
  testClients,
  testServer,
  type TestKey,
  type TestServer,
} from '@keybound/testing';
import { parseParameters } from '../endpoint/parse-parameters.js';
import { noParameters } from '../endpoint/decoded-parameters.js';
import type { AuthenticatedClient } from '../extension/client-authentication.js';
import type { EndpointRequest } from '../extension/endpoint.js';

interface Vectors {
  readonly client: { readonly jwks: Record<string, unknown> };
  readonly client_assertion_type: string;
  readonly cases: readonly {
    readonly id: string;
    readonly about: string;
    readonly client_assertion: string;
    readonly form?: Readonly<Record<string, string>>;
    readonly expect: { readonly baseline: boolean; readonly legacyTokenEndpointAudience?: true };
  }[];
}

interface KindMatrix {
  readonly kinds: Readonly<Record<string, { readonly typ: string; readonly signer: string }>>;
  readonly slots: Readonly<Record<string, { readonly accepts: readonly string[] }>>;
}

function vectors(path: string): unknown {
  const url = new URL(`../../../../test/vectors/${path}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

const file = vectors('authorization-server/as-client-assertion.json') as Vectors;
const matrix = vectors('threats/jwt-kind-matrix.json') as KindMatrix;

const redirect = { redirect_uris: ['https://client.example/cb'] };
const vectorClient = {
  client_id: 'client-1',
  metadata: { ...redirect, token_endpoint_auth_method: 'private_key_jwt', jwks: file.client.jwks },
};
const otherClient = { ...vectorClient, client_id: 'client-2' };

async function request(
  { clock }: TestServer,
  assertion: string,
  more: Readonly<Record<string, string>> = {},
): Promise<EndpointRequest> {
  const form = new URLSearchParams({
    client_assertion_type: file.client_assertion_type,
    client_assertion: assertion,
    ...more,
  });
  const parameters = parseParameters(form.toString());
  if (!parameters.ok) throw new Error(parameters.failure.code);
  return {
    view: requestView({ method: 'POST', url: `${scene.issuer}/token` }),
    parameters: parameters.value,
    query: noParameters,
    json: undefined,
    now: clock.now(),
  };
}

async function authenticate(server: TestServer, ...rest: [string, Record<string, string>?]) {
  const { services } = server.server;
  return services.authenticateClient(await request(server, ...rest), 'token');
}

function verdict(result: Result<AuthenticatedClient, Rejection>): string {
  if (result.ok) return 'accepted';
  const { error, requirement, code } = result.failure;
  expect(error).toBe('invalid_client');
  return `${requirement} ${code}`;
}

interface Perfection {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: TestKey;
}

/** A perfect assertion of the scene's client, with one flaw. */
async function assertion({ claims, header, key = clientKey }: Perfection = {}): Promise<string> {
  const perfect = {
    iss: 'client-1',
    sub: 'client-1',
    aud: scene.issuer,
    jti: 'jti-1',
    iat: T0,
    exp: T0 + 60,
  };
  const signer = await signerFor(key);
  const typ = 'client-authentication+jwt';
  return signCompactJws({ typ, ...header }, { ...perfect, ...claims }, signer);
}

describe('client assertions of the vectors', () => {
  it.each(file.cases)('AS-84 AS-85 AS-87 THR-40 [$id] $about', async (each) => {
    const server = await testServer({ clients: [vectorClient, otherClient] });
    const result = await authenticate(server, each.client_assertion, each.form);
    expect(result.ok).toBe(each.expect.baseline);
    expect(verdict(result)).toMatch(each.expect.baseline ? 'accepted' : /^(AS-8|THR-40)/);
  });

  it('AS-88 [C04] is for a client that was allowed it, and leaves a warning', async () => {
    const legacy = { ...vectorClient, relaxations: ['legacy-token-endpoint-audience' as const] };
    const server = await testServer({ clients: [legacy] });
    for (const { id, client_assertion, expect: expected } of file.cases) {
      const result = await authenticate(server, client_assertion);
      if (id === 'C15') continue;
      expect([id, result.ok]).toEqual([
        id,
        expected.baseline || expected.legacyTokenEndpointAudience === true,
      ]);
    }
    const warnings = server.audit.events.filter(({ kind }) => kind === 'warning');
    expect(warnings).toContainEqual({
      kind: 'warning',
      code: 'client_assertion.legacy_audience',
      requirement: 'AS-88',
      clientId: 'client-1',
    });
  });

  it.each(['C09', 'C10'])('AS-87 [%s] is refused where typ must say it', async (id) => {
    const { algorithms } = { algorithms: ['ES256' as const] };
    const clientAssertions = { algorithms, strictTyp: true };
    const server = await testServer({ clients: [vectorClient], clientAssertions });
    const untyped = file.cases.find((each) => each.id === id)?.client_assertion ?? '';
    expect(verdict(await authenticate(server, untyped))).toBe('AS-87 client_assertion.typ');
    const typed = file.cases[0]?.client_assertion ?? '';
    expect(verdict(await authenticate(server, typed))).toBe('accepted');
  });

  it('AS-86 [C01, C01] is accepted once, also when 25 come at the same time', async () => {
    const server = await testServer({ clients: [vectorClient] });
    const first = file.cases[0]?.client_assertion ?? '';
    const outcomes = await Promise.all(
      Array.from({ length: 25 }, async () => {
        const attempt = await request(server, first);
        const { services } = server.server;
        const who = await services.authenticateClient(attempt, 'token');
        return who.ok ? services.spend(who.value.authentication.uses, attempt) : who;
      }),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) {
      if (!outcome.ok) {
        expect(outcome.failure).toMatchObject({
          code: 'client_assertion.replayed',
          requirement: 'AS-86',
          error: 'invalid_client',
        });
      }
    }
  });
});

describe('private_key_jwt', () => {
  it.each([
    ['neither iat nor nbf', { iat: undefined }, T0 - 240],
    ['iat', {}, T0 - 10],
    ['nbf', { iat: undefined, nbf: T0 - 5 }, T0 - 15],
    ['nbf after iat', { iat: T0 - 60, nbf: T0 - 5 }, T0 - 15],
    ['iat after nbf', { nbf: T0 - 5 }, T0 - 10],
    ['an iat that is older than assertions live', { iat: T0 - 3_600 }, T0 - 240],
  ])('THR-68 knows the first second of an assertion with %s', async (_what, claims, since) => {
    const server = await testServer();
    const signed = await assertion({ claims });
    server.clock.set(since);
    const result = await authenticate(server, signed);
    expect(result.ok && result.value.authentication.uses).toMatchObject([
      { spend: { since, until: T0 + 70 } },
    ]);
    server.clock.set(since - 1);
    expect((await authenticate(server, signed)).ok).toBe(false);
  });

  it('AS-83 vouches for the key that signed', async () => {
    const result = await authenticate(await testServer(), await assertion());
    expect(result.ok && result.value.authentication).toMatchObject({
      method: 'private_key_jwt',
      confidential: true,
      facts: {},
    });
  });

  it('AS-86 THR-40 remembers jti until it could be used no more, whatever exp says', async () => {
    const server = await testServer();
    const result = await authenticate(server, await assertion({ claims: { exp: T0 + 300 } }));
    expect(result.ok && result.value.authentication.uses).toMatchObject([
      { spend: { kind: 'client-assertion', until: T0 + 310 } },
    ]);
    const far = await authenticate(server, await assertion({ claims: { exp: 253_402_300_799 } }));
    expect(verdict(far)).toBe('AS-85 client_assertion.lifetime');
  });

  it('INV-3 uses up nothing by itself', async () => {
    const server = await testServer();
    const jwt = await assertion();
    expect((await authenticate(server, jwt)).ok).toBe(true);
    expect((await authenticate(server, jwt)).ok).toBe(true);
  });

  it('AS-86 keeps the same jti of two clients apart', async () => {
    const [, first] = testClients;
    if (first === undefined) throw new Error('no client');
    const server = await testServer({ clients: [first, { ...first, client_id: 'client-2' }] });
    const { services } = server.server;
    for (const client of ['client-1', 'client-2']) {
      const attempt = await request(
        server,
        await assertion({ claims: { iss: client, sub: client } }),
      );
      const who = await services.authenticateClient(attempt, 'token');
      if (!who.ok) throw new Error(who.failure.code);
      expect(await services.spend(who.value.authentication.uses, attempt)).toMatchObject({
        ok: true,
      });
    }
  });

  it.each([
    ['exp 300 s ahead', { exp: T0 + 300 }, 'accepted'],
    ['exp 301 s ahead', { exp: T0 + 301 }, 'AS-85 client_assertion.lifetime'],
    ['exp 9 s ago', { exp: T0 - 9 }, 'accepted'],
    ['exp 10 s ago', { exp: T0 - 10 }, 'AS-85 client_assertion.expired'],
    ['iat 10 s ahead', { iat: T0 + 10 }, 'accepted'],
    ['iat 11 s ahead', { iat: T0 + 11 }, 'AS-85 client_assertion.not_yet_valid'],
    ['nbf 10 s ahead', { nbf: T0 + 10 }, 'accepted'],
    ['nbf 11 s ahead', { nbf: T0 + 11 }, 'AS-85 client_assertion.not_yet_valid'],
    ['no iat', { iat: undefined }, 'accepted'],
    ['iat as text', { iat: String(T0) }, 'AS-84 client_assertion.claims'],
    ['exp as text', { exp: String(T0 + 60) }, 'AS-84 client_assertion.claims'],
    ['exp null', { exp: null }, 'AS-84 client_assertion.claims'],
    ['no iss', { iss: undefined }, 'AS-84 client_assertion.claims'],
    ['an object for iss', { iss: { toString: 'client-1' } }, 'AS-84 client_assertion.claims'],
    ['a list for sub', { sub: ['client-1'] }, 'AS-84 client_assertion.claims'],
    ['iss of somebody else', { iss: 'client-2' }, 'AS-84 client_assertion.subject'],
    ['an empty list for aud', { aud: [] }, 'AS-84 client_assertion.claims'],
    ['the issuer twice', { aud: [scene.issuer, scene.issuer] }, 'AS-84 client_assertion.claims'],
    [
      'the issuer in another case',
      { aud: 'https://AS.example.com' },
      'AS-84 client_assertion.audience',
    ],
    [
      'the registration endpoint',
      { aud: `${scene.issuer}/register` },
      'AS-84 client_assertion.audience',
    ],
    [
      'the token endpoint in a list',
      { aud: [`${scene.issuer}/token`] },
      'AS-88 client_assertion.audience',
    ],
    ['no jti', { jti: undefined }, 'AS-86 client_assertion.claims'],
    ['an empty jti', { jti: '' }, 'AS-86 client_assertion.claims'],
    ['a jti of 256 characters', { jti: 'j'.repeat(256) }, 'accepted'],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }, 'AS-86 client_assertion.claims'],
  ] as const)('AS-84 AS-85 AS-86 THR-40 judges %s', async (_, claims, expected) => {
    const server = await testServer();
    expect(verdict(await authenticate(server, await assertion({ claims })))).toBe(expected);
  });

  it('AS-81 THR-40 wants the type of the assertion, exactly', async () => {
    const server = await testServer();
    for (const type of ['', 'jwt-bearer', file.client_assertion_type.toUpperCase()]) {
      const result = await authenticate(server, await assertion(), { client_assertion_type: type });
      expect(verdict(result)).toBe('AS-84 client_assertion.type');
    }
    const empty = await authenticate(server, '');
    expect(verdict(empty)).toBe('THR-40 client_assertion.format');
  });

  it.each([
    ['no JWT', 'x'],
    ['two parts', 'eyJhbGciOiJFUzI1NiJ9.e30'],
    ['a header that is null', `${Buffer.from('null').toString('base64url')}.e30.eA`],
    ['claims that are a list', `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.W10.eA`],
    ['60,001 characters', `${'a'.repeat(59_996)}.b.cc`],
  ])('THR-40 refuses %s', async (_, text) => {
    const server = await testServer();
    expect(verdict(await authenticate(server, text))).toBe('THR-40 client_assertion.format');
  });

  it('AS-83 takes the registered algorithm alone', async () => {
    const client = {
      ...vectorClient,
      metadata: { ...vectorClient.metadata, token_endpoint_auth_signing_alg: 'PS256' },
    };
    const server = await testServer({ clients: [client] });
    const by = (id: string) => file.cases.find((each) => each.id === id)?.client_assertion ?? '';
    expect(verdict(await authenticate(server, by('C24')))).toBe('accepted');
    expect(verdict(await authenticate(server, by('C23')))).toBe('AS-83 client_assertion.alg');
    expect(verdict(await authenticate(server, by('C01')))).toBe('AS-83 client_assertion.alg');
  });

  it('THR-10 THR-40 asks no network for keys that a header offers', async () => {
    const http: OutgoingHttp = { get: () => Promise.reject(new Error('asked the network')) };
    const server = await testServer({ http });
    const header = {
      jku: 'https://evil.example/jwks',
      x5u: 'https://evil.example/x5u',
      jwk: publicPart(otherKey),
    };
    const result = await authenticate(server, await assertion({ header, key: otherKey }));
    expect(verdict(result)).toBe('AS-83 client_assertion.signature');
  });

  it('INV-5 fetches no keys for an assertion that is refused without them', async () => {
    let fetches = 0;
    const http: OutgoingHttp = {
      get: () => {
        fetches += 1;
        const body = Buffer.from(JSON.stringify({ keys: [publicPart(clientKey)] }));
        return Promise.resolve({ body, maxAgeSeconds: undefined });
      },
    };
    const metadata = {
      ...redirect,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://client.example/jwks',
    };
    const server = await testServer({ http, clients: [{ client_id: 'client-1', metadata }] });
    for (const claims of [
      { aud: 'https://other.example' },
      { exp: T0 - 60 },
      { iss: 'client-2' },
    ]) {
      expect((await authenticate(server, await assertion({ claims }))).ok).toBe(false);
    }
    expect(fetches).toBe(0);
    expect((await authenticate(server, await assertion())).ok).toBe(true);
    expect(fetches).toBe(1);
  });

  const foreign = Object.entries(matrix.kinds).filter(
    ([kind, { typ }]) =>
      matrix.slots['client_assertion']?.accepts.includes(kind) === false && typ !== 'JWT',
  );
  it.each(foreign)('AS-87 THR-40 refuses a JWT of the kind %s', async (_, { typ }) => {
    const server = await testServer();
    const result = await authenticate(server, await assertion({ header: { typ } }));
    expect(verdict(result)).toBe('AS-87 client_assertion.typ');
  });
});

describe('metadata', () => {
  it('AS-84 names the algorithms of assertions', async () => {
    const { server } = await testServer();
    expect(server.metadata()).toMatchObject({
      token_endpoint_auth_signing_alg_values_supported: [
        'ES256',
        'ES384',
        'PS256',
        'RS256',
        'EdDSA',
        'Ed25519',
      ],
    });
  });
});
