import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@keybound/core';
import { clientKey, otherKey, publicPart } from '@keybound/testing';
import type { MetadataRules } from './metadata-rules.js';
import { parseClientMetadata } from './parse-client-metadata.js';

const rules: MetadataRules = {
  grantTypes: new Map([
    ['authorization_code', { publicClients: true }],
    ['refresh_token', { publicClients: true }],
    ['client_credentials', { publicClients: false }],
  ]),
  authenticationMethods: new Map(
    ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none', 'attest'].map(
      (name) => [name, true],
    ),
  ),
  authorizationDetailsTypes: new Map([['payment', true]]),
  signingAlgorithms: ['RS256', 'ES256'],
  requestObjectAlgorithms: ['ES256'],
  assertionAlgorithms: ['ES256', 'PS256'],
  pairwiseSubjects: true,
  dpop: true,
  dpopBoundByDefault: true,
  loopbackIdentifiers: false,
};
const redirect_uris = ['https://client.example/cb'];
const key = publicPart(clientKey);
const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } };

function parse(own: JsonObject, more: Partial<MetadataRules> = {}) {
  return parseClientMetadata({ redirect_uris, ...own }, { ...rules, ...more });
}

function problemOf(own: JsonObject, more: Partial<MetadataRules> = {}): string {
  const parsed = parse(own, more);
  return parsed.ok ? 'accepted' : `${parsed.failure.requirement} ${parsed.failure.member}`;
}

describe('parseClientMetadata', () => {
  it('OIDC-17 AS-218 fills in what was left out', () => {
    const parsed = parse({});
    expect(parsed.ok && parsed.value).toEqual({
      redirect_uris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      require_auth_time: false,
      dpop_bound_access_tokens: true,
      pop_bound_access_tokens: false,
      extensions: {},
    });
  });

  it('AS-218 has the defaults of the operator', () => {
    const own = parse({}, { dpopBoundByDefault: false, signingAlgorithms: ['ES256'] });
    expect(own.ok && own.value).toMatchObject({
      dpop_bound_access_tokens: false,
      id_token_signed_response_alg: 'ES256',
    });
  });

  it('DPOP-29 takes a client that always proves its key only where it could', () => {
    expect(problemOf({ dpop_bound_access_tokens: true })).toBe('accepted');
    const off = { dpop: false, dpopBoundByDefault: false };
    const refused = problemOf({ dpop_bound_access_tokens: true }, off);
    expect(refused).toBe('DPOP-29 dpop_bound_access_tokens');
    expect(problemOf({ dpop_bound_access_tokens: false }, off)).toBe('accepted');
    expect(problemOf({}, off)).toBe('accepted');
  });

  it('KD-02 asks a client that always has pop tokens for no DPoP proof besides', () => {
    const own = parse({ pop_bound_access_tokens: true });
    expect(own.ok && own.value).toMatchObject({
      pop_bound_access_tokens: true,
      dpop_bound_access_tokens: false,
    });
  });

  it('AS-218 drops unknown members, whatever they are called', () => {
    const own = JSON.parse('{"__proto__":{"a":1},"constructor":"x","favourite":1}') as JsonObject;
    const parsed = parse(own);
    expect(parsed.ok && Object.keys(parsed.value)).not.toEqual(
      expect.arrayContaining(['favourite']),
    );
    expect(parsed.ok && Object.hasOwn(parsed.value, '__proto__')).toBe(false);
    expect(parsed.ok && Object.hasOwn(parsed.value, 'constructor')).toBe(false);
  });

  it.each([
    ['http://127.0.0.1/cb'],
    ['http://localhost:3000/cb'],
    ['http://[::1]:8080/cb'],
    ['com.example.app:/cb'],
  ])('OIDC-19 takes a client that can only be native for one: %s', (uri) => {
    const parsed = parse({ redirect_uris: [uri], token_endpoint_auth_method: 'none' });
    expect(parsed.ok && parsed.value.application_type).toBe('native');
  });

  it('OIDC-26 takes null for absent', () => {
    const parsed = parse({ client_name: null, token_endpoint_auth_method: null });
    expect(parsed.ok && Object.hasOwn(parsed.value, 'client_name')).toBe(false);
    expect(parsed.ok && parsed.value.token_endpoint_auth_method).toBe('client_secret_basic');
  });

  it('AS-219 keeps every member that it honours', () => {
    const own = {
      ...keys,
      application_type: 'native',
      client_name: 'Kürbis',
      client_uri: 'https://client.example/',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/tos',
      contacts: ['ops@client.example'],
      scope: 'openid profile',
      token_endpoint_auth_signing_alg: 'PS256',
      software_id: 'soft',
      software_version: '1',
      subject_type: 'pairwise',
      userinfo_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
      default_max_age: 0,
      require_auth_time: true,
      default_acr_values: ['urn:a'],
      initiate_login_uri: 'https://client.example/start',
      post_logout_redirect_uris: ['https://client.example/bye'],
      authorization_details_types: ['payment'],
    };
    const parsed = parse(own);
    expect(parsed.ok && parsed.value).toMatchObject(own);
  });

  it('OIDC-17 has no response types for a client that is not redirected', () => {
    const own = parseClientMetadata({ grant_types: ['client_credentials'] }, rules);
    expect(own.ok && own.value).toMatchObject({ response_types: [], redirect_uris: [] });
  });

  it('AS-89 takes a method that a plug-in adds', () => {
    expect(problemOf({ token_endpoint_auth_method: 'attest' })).toBe('accepted');
  });

  it.each([
    ['a redirect URI that is none', { redirect_uris: ['/cb'] }, 'OIDC-19 redirect_uris'],
    ['no redirect URI', { redirect_uris: [] }, 'OIDC-19 redirect_uris'],
    ['a redirect URI that is a number', { redirect_uris: [5] }, 'AS-217 redirect_uris'],
    ['a redirect URI in a list', { redirect_uris: [redirect_uris] }, 'AS-217 redirect_uris'],
    [
      '51 redirect URIs',
      { redirect_uris: Array(51).fill(redirect_uris[0]) },
      'AS-217 redirect_uris',
    ],
    [
      'http on loopback for a web client',
      { application_type: 'web', redirect_uris: ['http://localhost/cb'] },
      'OIDC-19 redirect_uris',
    ],
    [
      'http on loopback beside https, of a client that does not say that it is native',
      { redirect_uris: ['https://client.example/cb', 'http://localhost/cb'] },
      'OIDC-19 redirect_uris',
    ],
    ['http elsewhere', { redirect_uris: ['http://client.example/cb'] }, 'OIDC-19 redirect_uris'],
    ['a hybrid response type', { response_types: ['code id_token'] }, 'OIDC-18 response_types'],
    [
      'a response type without its grant',
      { grant_types: ['client_credentials'], response_types: ['code'] },
      'OIDC-18 response_types',
    ],
    ['a grant without its response type', { response_types: [] }, 'OIDC-18 response_types'],
    [
      'an unknown grant',
      { grant_types: ['authorization_code', 'implicit'] },
      'OIDC-18 grant_types',
    ],
    [
      'client credentials of a public client',
      {
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'none',
      },
      'OIDC-18 grant_types',
    ],
    [
      'client_secret_jwt',
      { token_endpoint_auth_method: 'client_secret_jwt' },
      'AS-89 token_endpoint_auth_method',
    ],
    [
      'an unknown method',
      { token_endpoint_auth_method: 'toString' },
      'AS-89 token_endpoint_auth_method',
    ],
    [
      'private_key_jwt without keys',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'AS-83 token_endpoint_auth_method',
    ],
    ['jwks beside jwks_uri', { ...keys, jwks_uri: 'https://client.example/jwks' }, 'OIDC-20 jwks'],
    ['a private key', { ...keys, jwks: { keys: [{ ...clientKey }] } }, 'OIDC-20 jwks'],
    [
      'a symmetric key',
      { ...keys, jwks: { keys: [key, { kty: 'oct', k: 'c2VjcmV0' }] } },
      'OIDC-20 jwks',
    ],
    [
      'an RSA key with e=1',
      {
        ...keys,
        jwks: { keys: [{ kty: 'RSA', n: Buffer.alloc(256, 255).toString('base64url'), e: 'AQ' }] },
      },
      'OIDC-20 jwks',
    ],
    ['no keys', { ...keys, jwks: { keys: [] } }, 'OIDC-20 jwks'],
    [
      'keys for encryption alone',
      { ...keys, jwks: { keys: [{ ...key, use: 'enc' }] } },
      'OIDC-20 jwks',
    ],
    [
      'two keys of one kid',
      {
        ...keys,
        jwks: {
          keys: [
            { ...key, kid: 'a' },
            { ...publicPart(otherKey), kid: 'a' },
          ],
        },
      },
      'OIDC-20 jwks',
    ],
    ['21 keys', { ...keys, jwks: { keys: Array(21).fill(key) } }, 'AS-217 jwks'],
    ['a key set that is a list', { ...keys, jwks: [key] }, 'AS-217 jwks'],
    ['jwks_uri over http', { jwks_uri: 'http://169.254.169.254/jwks' }, 'OIDC-20 jwks_uri'],
    ['jwks_uri with a fragment', { jwks_uri: 'https://client.example/jwks#a' }, 'OIDC-20 jwks_uri'],
    ['jwks_uri of another scheme', { jwks_uri: 'file:///etc/passwd' }, 'AS-217 jwks_uri'],
    [
      'sector_identifier_uri over http',
      { sector_identifier_uri: 'http://client.example/s' },
      'OIDC-21 sector_identifier_uri',
    ],
    [
      'pairwise subjects for two hosts',
      { subject_type: 'pairwise', redirect_uris: ['https://a.example/cb', 'https://b.example/cb'] },
      'OIDC-21 sector_identifier_uri',
    ],
    [
      'initiate_login_uri over http',
      { initiate_login_uri: 'http://client.example/start' },
      'AS-219 initiate_login_uri',
    ],
    ['a logo that is a script', { logo_uri: 'javascript:alert(1)' }, 'AS-217 logo_uri'],
    ['a home page that is data', { client_uri: 'data:text/html,x' }, 'AS-217 client_uri'],
    [
      'a logout URI that is a script',
      { post_logout_redirect_uris: ['javascript:alert(1)'] },
      'AS-219 post_logout_redirect_uris',
    ],
    [
      'alg none for ID tokens',
      { id_token_signed_response_alg: 'none' },
      'AS-165 id_token_signed_response_alg',
    ],
    [
      'HS256 for ID tokens',
      { id_token_signed_response_alg: 'HS256' },
      'AS-165 id_token_signed_response_alg',
    ],
    [
      'an algorithm without a key',
      { id_token_signed_response_alg: 'PS512' },
      'AS-165 id_token_signed_response_alg',
    ],
    [
      'alg none for UserInfo',
      { userinfo_signed_response_alg: 'none' },
      'AS-165 userinfo_signed_response_alg',
    ],
    [
      'alg none for request objects',
      { request_object_signing_alg: 'none' },
      'AS-165 request_object_signing_alg',
    ],
    [
      'an assertion algorithm that is not accepted',
      { ...keys, token_endpoint_auth_signing_alg: 'RS512' },
      'AS-165 token_endpoint_auth_signing_alg',
    ],
    [
      'encrypted ID tokens',
      { id_token_encrypted_response_alg: 'RSA-OAEP' },
      'AS-183 id_token_encrypted_response_alg',
    ],
    [
      'encrypted UserInfo',
      { userinfo_encrypted_response_alg: 'RSA-OAEP' },
      'AS-183 userinfo_encrypted_response_alg',
    ],
    [
      'an encryption method without algorithm',
      { id_token_encrypted_response_enc: 'A128GCM' },
      'OIDC-22 id_token_encrypted_response_enc',
    ],
    [
      'an unknown type of authorization details',
      { authorization_details_types: ['other'] },
      'AS-219 authorization_details_types',
    ],
    ['a scope with a quote', { scope: 'a "b' }, 'AS-217 scope'],
    ['a name of 257 characters', { client_name: 'a'.repeat(257) }, 'AS-217 client_name'],
    ['a boolean that is text', { require_auth_time: 'true' }, 'AS-217 require_auth_time'],
    ['a negative age', { default_max_age: -1 }, 'AS-217 default_max_age'],
    ['an unknown application type', { application_type: 'browser' }, 'AS-217 application_type'],
    ['an unknown subject type', { subject_type: 'constructor' }, 'AS-217 subject_type'],
  ] as const)('AS-217 THR-80 refuses %s', (_, own, expected) => {
    expect(problemOf(own as JsonObject)).toBe(expected);
  });

  it('AS-180 refuses pairwise subjects where the operator has none', () => {
    expect(problemOf({ subject_type: 'pairwise' }, { pairwiseSubjects: false })).toBe(
      'AS-180 subject_type',
    );
  });

  it('AS-219 refuses to demand request objects where they are off', () => {
    const off = { requestObjectAlgorithms: [] };
    expect(problemOf({ require_signed_request_object: true }, off)).toBe(
      'AS-219 require_signed_request_object',
    );
  });

  it('OIDC-20 has http for jwks_uri on loopback in development alone', () => {
    const own = { ...keys, jwks: null, jwks_uri: 'http://127.0.0.1:4000/jwks' };
    expect(problemOf(own)).toBe('OIDC-20 jwks_uri');
    expect(problemOf(own, { loopbackIdentifiers: true })).toBe('accepted');
    const elsewhere = { ...own, jwks_uri: 'http://client.example/jwks' };
    expect(problemOf(elsewhere, { loopbackIdentifiers: true })).toBe('OIDC-20 jwks_uri');
  });

  it('AS-83 takes a set that has keys for other uses beside a good one', () => {
    const jwks = { keys: [key, { ...publicPart(otherKey), use: 'enc' }, { kty: 'AKP', pub: 'x' }] };
    expect(problemOf({ ...keys, jwks })).toBe('accepted');
  });
});
