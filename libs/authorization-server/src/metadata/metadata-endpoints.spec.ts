import { describe, expect, it } from '@jest/globals';

import {
  authorizationServerPlugIn,
  generateSigner,
  type JsonObject,
  type JsonValue,
} from '@keybound/core';
import { scene, testServer } from '@keybound/testing';
import { readFileSync } from 'node:fs';
import type { Extensions, AuthorizationServerPlugIn } from '../extension/plug-in.js';
import { signingKeysFrom } from '../keys/signing-keys-from.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/authorization-server/as-metadata.json', import.meta.url),
    'utf8',
  ),
) as {
  wellKnown: { issuer: string; oauth: string; oidc: string; oidcInserted?: string }[];
  always: string[];
  oidc: string[];
  feature: Record<string, string[]>;
  fixedValues: Record<string, JsonValue>;
};

const openid = '/.well-known/openid-configuration';

async function metadataOf(
  own: Partial<AuthorizationServerOptions> = {},
  plugIns: readonly AuthorizationServerPlugIn[] = [],
): Promise<JsonObject> {
  const server = await testServer(own, plugIns);
  return (await server.send({ method: 'GET', url: openid })).json;
}

function plugIn(extensions: Extensions): AuthorizationServerPlugIn {
  return { [authorizationServerPlugIn]: true, name: 'added', extend: () => extensions };
}

/** Logout is another feature. */
const notBuilt = new Set([
  'end_session_endpoint',
  'backchannel_logout_supported',
  'backchannel_logout_session_supported',
]);

describe('metadata', () => {
  it.each(vectors.wellKnown)(
    'AS-200 OIDC-09 is found where it belongs, for $issuer',
    async ({ issuer, oauth, oidc, oidcInserted = oidc }) => {
      const server = await testServer({ issuer });
      const bodies: (string | undefined)[] = [];
      for (const url of new Set([oauth, oidc, oidcInserted])) {
        const answer = await server.send({ method: 'GET', url });
        expect(answer.status).toBe(200);
        expect(answer.fields('content-type')).toEqual(['application/json']);
        expect(answer.json['issuer']).toBe(issuer);
        bodies.push(answer.body);
      }
      expect(new Set(bodies).size).toBe(1);
    },
  );

  it('OIDC-09 may be kept for a while, by anybody and any page', async () => {
    const server = await testServer();
    const answer = await server.send({ method: 'GET', url: openid });
    expect(answer.fields('cache-control')).toEqual(['public, max-age=900']);
    expect(answer.fields('access-control-allow-origin')).toEqual(['*']);
  });

  it('AS-201 is the same whatever Host and X-Forwarded-Host say', async () => {
    const server = await testServer();
    const plain = await server.send({ method: 'GET', url: openid });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    const spoofed = await server.send({ method: 'GET', url: openid, headers });
    expect(spoofed.body).toBe(plain.body);
    expect(plain.body).not.toContain('evil');
  });

  it('AS-202 names endpoints below the path of the issuer', async () => {
    const issuer = 'https://as.example.com/auth';
    const server = await testServer({ issuer });
    const { json } = await server.send({ method: 'GET', url: openid });
    for (const [name, value] of Object.entries(json)) {
      if (!/_(endpoint|uri)$/.test(name)) continue;
      expect(value).toMatch(/^https:\/\/as\.example\.com\/auth\/[a-z]/);
      expect(server.server.owns((value as string).slice('https://as.example.com'.length))).toBe(
        true,
      );
    }
  });

  it('AS-200 OIDC-11 has every member that is always there', async () => {
    const metadata = await metadataOf({ acrValues: ['urn:example:gold'] });
    const expected = [...vectors.always, ...vectors.oidc].filter((name) => !notBuilt.has(name));
    expect(expected.filter((name) => metadata[name] === undefined)).toEqual([]);
  });

  it('AS-200 OIDC-12 says in so many words what clients would take for granted', async () => {
    expect(await metadataOf()).toMatchObject(vectors.fixedValues);
    expect(await metadataOf({ requestObjects: 'off' })).toMatchObject({
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    });
  });

  it('AS-200 OIDC-11 has no empty list, no none, and no HMAC for proofs', async () => {
    const metadata = await metadataOf();
    for (const [name, value] of Object.entries(metadata)) {
      expect(value).not.toEqual([]);
      if (name.includes('signing_alg_values')) expect(value).not.toContain('none');
    }
    expect(metadata['dpop_signing_alg_values_supported']).not.toContain('HS256');
    expect(metadata).not.toHaveProperty('acr_values_supported');
    expect(metadata).not.toHaveProperty('authorization_details_types_supported');
  });

  it('AS-200 names no grant that does not exist, and each that does', async () => {
    const { grant_types_supported: grants } = await metadataOf();
    expect(grants).toEqual(['authorization_code', 'refresh_token', 'client_credentials']);
  });

  it.each<[string, Partial<AuthorizationServerOptions>, readonly string[]]>([
    ['jar', { requestObjects: 'off' }, ['request_object_signing_alg_values_supported']],
    ['registration', { registration: 'off' }, ['registration_endpoint']],
    ['resources', { resources: [] }, ['protected_resources']],
    [
      'dpop',
      { dpop: 'off', accessTokens: { requireProof: false } },
      ['dpop_signing_alg_values_supported'],
    ],
    ['device', {}, ['device_authorization_endpoint']],
    ['jarm', {}, ['authorization_signing_alg_values_supported']],
    ['mtls', {}, ['tls_client_certificate_bound_access_tokens', 'mtls_endpoint_aliases']],
  ])('AS-200 keeps silent about %s where it is off', async (_feature, own, members) => {
    const metadata = await metadataOf(own);
    expect(members.filter((name) => metadata[name] !== undefined)).toEqual([]);
  });

  it('AS-200 names what is on: registration, signed introspection, pairwise subjects', async () => {
    const metadata = await metadataOf({
      registration: { access: 'open' },
      pairwiseSubjects: { salt: 'a'.repeat(32) },
      pushedRequests: { required: true },
    });
    expect(metadata).toMatchObject({
      registration_endpoint: `${scene.issuer}/register`,
      introspection_signing_alg_values_supported: ['ES256', 'RS256'],
      subject_types_supported: ['public', 'pairwise'],
      require_pushed_authorization_requests: true,
    });
  });

  it('AS-12 OIDC-11 lists the scopes that only a resource names, since requests may ask for them', async () => {
    const resources = [{ resource: scene.resource, scopes: ['api:read', 'orders:close'] }];
    const metadata = await metadataOf({ resources });
    expect(metadata['scopes_supported']).toEqual([
      'openid',
      'offline_access',
      'profile',
      'email',
      'api:read',
      'api:write',
      'orders:close',
    ]);
  });

  it('OIDC-11 lists RS256 for ID tokens, the scopes, and the claims that they release', async () => {
    const metadata = await metadataOf();
    expect(metadata['id_token_signing_alg_values_supported']).toContain('RS256');
    expect(metadata['scopes_supported']).toEqual([
      'openid',
      'offline_access',
      'profile',
      'email',
      'api:read',
      'api:write',
    ]);
    expect(metadata['claims_supported']).toEqual(
      expect.arrayContaining(['sub', 'name', 'email', 'email_verified']),
    );
    expect(metadata['protected_resources']).toEqual([scene.resource]);
  });

  it('AS-200 lets no public client introspect, by what it says', async () => {
    const metadata = await metadataOf();
    expect(metadata['introspection_endpoint_auth_methods_supported']).not.toContain('none');
    expect(metadata['revocation_endpoint_auth_methods_supported']).toEqual(
      metadata['token_endpoint_auth_methods_supported'],
    );
  });

  it('OIDC-15 names token types, of the binders that make them', async () => {
    const bearer = { accessTokens: { requireProof: false } };
    expect((await metadataOf())['token_types_supported']).toEqual(['DPoP']);
    expect((await metadataOf(bearer))['token_types_supported']).toEqual(['DPoP', 'Bearer']);
    const pop = { keyDistribution: {} };
    expect((await metadataOf(pop))['token_types_supported']).toContain('pop');
    expect(await metadataOf(pop)).toHaveProperty('pop_signing_alg_values_supported');
    expect(await metadataOf()).not.toHaveProperty('pop_signing_alg_values_supported');
  });

  it('AS-200 says what plug-ins add, without duplicates', async () => {
    const metadata = await metadataOf({}, [
      plugIn({
        contributors: [
          {
            name: 'added',
            metadata: () => ({ scopes_supported: ['webid', 'openid'], added_supported: true }),
            userInfoClaims: { members: ['webid'], contribute: () => ({}) },
          },
        ],
        endpoints: [
          {
            name: 'added',
            below: 'issuer',
            path: '/added',
            methods: ['POST'],
            content: 'none',
            cors: 'none',
            metadata: (url) => ({ added_endpoint: url }),
            surface: () => ({ kind: 'endpoint' }),
            handle: () => Promise.reject(new Error('not called')),
          },
        ],
      }),
    ]);
    expect(metadata['added_endpoint']).toBe(`${scene.issuer}/added`);
    expect(metadata['added_supported']).toBe(true);
    expect(metadata['claims_supported']).toContain('webid');
    const scopes = metadata['scopes_supported'] as unknown as readonly string[];
    expect(scopes.filter((name) => name === 'openid')).toHaveLength(1);
    expect(scopes).toContain('webid');
  });

  it.each<[string, JsonObject]>([
    ['issuer', { issuer: 'https://evil.example' }],
    ['token_endpoint', { token_endpoint: 'https://evil.example' }],
    ['response_types_supported', { response_types_supported: ['token'] }],
    ['code_challenge_methods_supported', { code_challenge_methods_supported: ['plain'] }],
  ])('AS-200 AS-201 lets no plug-in set %s', async (member, metadata) => {
    const contributors = [{ name: 'added', metadata: () => metadata }];
    await expect(metadataOf({}, [plugIn({ contributors })])).rejects.toThrow(member);
  });

  it('AS-203 is not signed', async () => {
    expect(await metadataOf()).not.toHaveProperty('signed_metadata');
  });

  it('AS-200 says the same in process', async () => {
    const { server, send } = await testServer();
    expect(server.metadata()).toEqual((await send({ method: 'GET', url: openid })).json);
  });

  it('AS-209 names the algorithms of the keys that others hold', async () => {
    const keys = await signingKeysFrom([await generateSigner('ES256')]);
    expect((await metadataOf({ keys }))['userinfo_signing_alg_values_supported']).toEqual([
      'ES256',
    ]);
  });
});
