import { describe, expect, it } from '@jest/globals';
import {
  signCompactJws,
  staticKeys,
  type JsonObject,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { clientKey, otherKey, publicPart, signerFor, T0, type Flaw } from '@keybound/testing';
import type { Client } from '../extension/client.js';
import { verifyRequestObject } from './verify-request-object.js';

const keys = await staticKeys({ keys: [{ ...publicPart(clientKey), kid: 'c-1', use: 'sig' }] });

function clientWith(request_object_signing_alg?: SignatureAlgorithmName): Client {
  const metadata = request_object_signing_alg === undefined ? {} : { request_object_signing_alg };
  return { id: 'client-1', keys, metadata } as unknown as Client;
}

const policy = { issuer: 'https://as.example.com', algorithms: ['ES256', 'PS256'] };

async function signed(
  flaw: Flaw = {},
  header: Flaw = {},
  key = clientKey as typeof otherKey | typeof clientKey,
) {
  const claims = {
    iss: 'client-1',
    aud: 'https://as.example.com',
    client_id: 'client-1',
    exp: T0 + 300,
    nbf: T0,
    jti: 'object-1',
    scope: 'openid',
    ...flaw,
  };
  return signCompactJws(
    { typ: 'oauth-authz-req+jwt', kid: 'c-1', ...header },
    claims,
    await signerFor(key),
  );
}

function verify(request: string, client = clientWith()) {
  return verifyRequestObject(request, client, policy, T0);
}

async function parametersOf(members: JsonObject) {
  const outcome = await verify(await signed(members));
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return outcome.value.parameters;
}

describe('a request object (RFC 9101)', () => {
  it.each(['oauth-authz-req+jwt', 'application/OAuth-Authz-Req+JWT', 'JWT', undefined])(
    'AS-48 is taken under typ %s',
    async (typ) => {
      expect(await verify(await signed({}, { typ }))).toMatchObject({ ok: true });
    },
  );

  it.each([
    'at+jwt',
    'dpop+jwt',
    'pop',
    'client-authentication+jwt',
    'logout+jwt',
    'entity-statement+jwt',
    'openid4vci-proof+jwt',
    '',
    7,
  ])('AS-48 is refused under typ %s', async (typ) => {
    expect(await verify(await signed({}, { typ }))).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-48', error: 'invalid_request_object' },
    });
  });

  it.each([
    ['AS-44', 'a request inside', { request: 'x' }],
    ['AS-44', 'a request_uri inside', { request_uri: 'urn:x' }],
    ['AS-44', 'its client as sub', { sub: 'client-1' }],
    ['THR-91', 'anybody as sub', { sub: 'alice' }],
    ['AS-46', 'another iss', { iss: 'client-2' }],
    ['AS-46', 'no iss', { iss: undefined }],
    ['AS-46', 'another client_id', { client_id: 'client-2' }],
    ['AS-46', 'no client_id', { client_id: undefined }],
    ['AS-46', 'another aud', { aud: 'https://as.example.com/authorize' }],
    ['AS-46', 'no aud', { aud: undefined }],
    ['AS-46', 'an empty aud', { aud: [] }],
    ['AS-47', 'no exp', { exp: undefined }],
    ['AS-47', 'exp as a text', { exp: String(T0 + 300) }],
    ['AS-47', 'nbf as a text', { nbf: 'now' }],
    ['AS-47', 'an exp that is over', { exp: T0 - 10 }],
  ])('%s is refused with %s', async (id, _what, flaw) => {
    expect(await verify(await signed(flaw))).toMatchObject({
      ok: false,
      failure: { requirement: id === 'THR-91' ? 'AS-44' : id, error: 'invalid_request_object' },
    });
  });

  it('THR-35 is refused with U+0000 in it', async () => {
    expect(await verify(await signed({ state: 'a\u0000b' }))).toMatchObject({
      ok: false,
      failure: { requirement: 'THR-35', error: 'invalid_request_object' },
    });
  });

  it('AS-46 may name others beside the issuer in aud', async () => {
    const aud = ['https://other.example', 'https://as.example.com'];
    expect(await verify(await signed({ aud }))).toMatchObject({ ok: true });
  });

  it.each([
    ['by another key', () => signed({}, {}, otherKey)],
    ['by a key of that name that is none', () => signed({}, { kid: 'c-2' })],
    [
      'by the key in its header',
      () => signed({}, { kid: undefined, jwk: publicPart(otherKey) }, otherKey),
    ],
    ['and altered', async () => (await signed()).replace(/.{8}$/, 'AAAAAAAA')],
  ])('AS-45 THR-10 is refused where it was signed %s', async (_what, make) => {
    expect(await verify(await make())).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-45', error: 'invalid_request_object' },
    });
  });

  it('AS-45 is refused without a signature', async () => {
    const [, payload = ''] = (await signed()).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await verify(`${header}.${payload}.`)).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-45', error: 'invalid_request_object' },
    });
  });

  it('AS-45 is refused of a client without keys', async () => {
    const keyless = { ...clientWith(), keys: undefined };
    expect(await verify(await signed(), keyless)).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-45' },
    });
  });

  it('AS-40 is signed as its client registered', async () => {
    expect(await verify(await signed(), clientWith('ES256'))).toMatchObject({ ok: true });
    for (const other of ['PS256', 'RS256'] as const) {
      expect(await verify(await signed(), clientWith(other))).toMatchObject({
        ok: false,
        failure: { requirement: 'AS-45' },
      });
    }
  });

  it('AS-49 is refused where it is encrypted', async () => {
    const header = Buffer.from('{"alg":"ECDH-ES","enc":"A128GCM"}').toString('base64url');
    expect(await verify(`${header}..aXY.dGV4dA.dGFn`)).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-49', error: 'invalid_request_object' },
    });
  });

  it('THR-13 has at most 32,768 characters', async () => {
    expect(await verify(await signed({ claims: 'x'.repeat(24_000) }))).toMatchObject({ ok: true });
    expect(await verify(await signed({ claims: 'x'.repeat(24_600) }))).toMatchObject({
      ok: false,
      failure: { requirement: 'THR-13', error: 'invalid_request_object' },
    });
  });

  it('AS-50 is used up by its jti, whoever else has the same one', async () => {
    const [first, again, other] = await Promise.all([
      verify(await signed()),
      verify(await signed({ scope: 'email' })),
      verify(await signed({ jti: 'object-2' })),
    ]);
    const digests = [first, again, other].map((outcome) =>
      outcome.ok ? Buffer.from(outcome.value.uses[0]?.spend.digest ?? []).toString('hex') : '',
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
    expect(await verify(await signed({ jti: undefined }))).toMatchObject({ value: { uses: [] } });
  });

  it('AS-50 has a jti of 1 to 256 characters, or none', async () => {
    expect(await verify(await signed({ jti: 'j'.repeat(256) }))).toMatchObject({ ok: true });
    for (const jti of ['', 'j'.repeat(257), 7]) {
      expect(await verify(await signed({ jti }))).toMatchObject({ ok: false });
    }
  });
});

describe('members of a request object as parameters', () => {
  it('AS-43 are texts, numbers, lists and objects, each once', async () => {
    const parameters = await parametersOf({
      state: 'in',
      max_age: 60,
      flag: true,
      nothing: null,
      empty: '',
      resource: ['https://a.example', 'https://b.example'],
      claims: { id_token: { acr: null } },
      authorization_details: [{ type: 'payment' }],
    });
    expect(parameters.one('state')).toBe('in');
    expect(parameters.one('max_age')).toBe('60');
    expect(parameters.one('flag')).toBe('true');
    expect(parameters.one('nothing')).toBeUndefined();
    expect(parameters.one('empty')).toBeUndefined();
    expect(parameters.all('resource')).toEqual(['https://a.example', 'https://b.example']);
    expect(parameters.one('claims')).toBe('{"id_token":{"acr":null}}');
    expect(parameters.one('authorization_details')).toBe('[{"type":"payment"}]');
  });

  it('AS-02 come several times where they are a list', async () => {
    const parameters = await parametersOf({ scope: ['openid', 'email'], state: ['a'], nonce: [] });
    expect(parameters.repeated).toContain('scope');
    expect(parameters.repeated).not.toContain('state');
    expect(parameters.one('state')).toBe('a');
    expect(parameters.one('nonce')).toBeUndefined();
  });

  it('THR-34 of the prototype are names like others', async () => {
    const header = { typ: 'oauth-authz-req+jwt', kid: 'c-1' };
    const json = JSON.stringify({
      iss: 'client-1',
      aud: policy.issuer,
      client_id: 'client-1',
      exp: T0 + 300,
    });
    const claims = JSON.parse(json.replace('{', '{"__proto__":{"state":"x"},')) as JsonObject;
    const outcome = await verify(await signCompactJws(header, claims, await signerFor(clientKey)));
    expect(outcome).toMatchObject({ ok: true });
    if (!outcome.ok) return;
    expect(outcome.value.parameters.one('state')).toBeUndefined();
    expect(outcome.value.parameters.one('constructor')).toBeUndefined();
    expect([...outcome.value.parameters.names()]).toContain('__proto__');
  });
});
