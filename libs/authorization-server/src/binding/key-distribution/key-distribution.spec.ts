import { describe, expect, it } from '@jest/globals';
import {
  assertionForm,
  claimsIn,
  clientKey,
  codeForm,
  jkt,
  otherKey,
  publicPart,
  refreshForm,
  savedCode,
  scene,
  testServer,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestAnswer,
  type TestServer,
  type TokenRequestExtras,
} from '@keybound/testing';
import type { AuthorizationServerOptions } from '../../server/options.schema.js';
import { keyDistributionErrors } from './rejections.js';

const dialects: ('kd-01' | 'kd-07' | 'microsoft')[] = ['kd-01', 'kd-07', 'microsoft'];
const b64u = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const shown = JSON.stringify(publicPart(clientKey));
const kd01 = { token_type: 'pop', alg: 'ES256', key: shown };
const kd07 = { token_type: 'pop', req_cnf: b64u({ jwk: publicPart(clientKey) }) };
const boundTo = (key = clientKey) => ({ cnf: { jwk: publicPart(key) } });

interface Own extends Partial<AuthorizationServerOptions> {
  readonly section?: Exclude<AuthorizationServerOptions['keyDistribution'], 'off' | undefined>;
}

function server({ section = {}, ...own }: Own = {}): Promise<TestServer> {
  return testServer({
    clients: undemandingClients,
    keyDistribution: { dialects, requireKeyProof: [], ...section },
    ...own,
  });
}

/** Redeems a fresh code with these parameters. */
async function redeem(to: TestServer, own: Form, extras?: TokenRequestExtras): Promise<TestAnswer> {
  const code = await savedCode(to.stores.grants);
  return to.send(await tokenRequest(codeForm(code, own), extras));
}

/** The requirement that the last refusal named; KD-24 is AS-02 to the endpoint, which sees to it. */
function requirementOf({ audit }: TestServer): string | undefined {
  const { requirement } = audit.events.at(-1) ?? {};
  return requirement === 'AS-02' ? 'KD-24' : requirement;
}

/** A member of the answer that is text. */
function textOf({ json }: Pick<TestAnswer, 'json'>, member: string): string {
  const value = json[member];
  return typeof value === 'string' ? value : '';
}

const cnfIn = ({ json }: TestAnswer) => claimsIn(json['access_token'])['cnf'];

describe('key distribution, whatever the grant', () => {
  it('KD-01 binds the tokens of a code, of a refresh and of a client on its own', async () => {
    const to = await server();
    const first = await redeem(to, kd01);
    expect(cnfIn(first)).toEqual({ jwk: publicPart(clientKey) });
    const refreshToken = textOf(first, 'refresh_token');
    const second = await to.send(await tokenRequest(refreshForm(refreshToken, kd07)));
    expect(claimsIn(second.json['access_token'])).toMatchObject(boundTo());
    const own = { grant_type: 'client_credentials', scope: 'api:read', ...kd01 };
    const third = await to.send(await tokenRequest({ ...(await assertionForm()), ...own }));
    expect(claimsIn(third.json['access_token'])).toMatchObject(boundTo());
    for (const { json } of [first, second, third]) expect(json['token_type']).toBe('pop');
  });

  it('KD-05 keeps of a key what its user needs, and nothing else', async () => {
    const key = { ...publicPart(clientKey), kid: 'k-1', alg: 'ES256', use: 'sig' };
    const extra = { ext: true, key_ops: ['verify'], x5c: ['AA=='], name: 'mine' };
    const answer = await redeem(await server(), {
      ...kd01,
      key: JSON.stringify({ ...key, ...extra }),
    });
    expect(cnfIn(answer)).toEqual({ jwk: key });
  });

  it('KD-04 names the algorithm in the words of -01 alone', async () => {
    const to = await server();
    expect((await redeem(to, kd01)).json).toMatchObject({ alg: 'ES256' });
    expect((await redeem(to, { ...kd01, alg: undefined })).json).toMatchObject({ alg: 'ES256' });
    expect((await redeem(to, kd07)).json).not.toHaveProperty('alg');
  });

  it('KD-03 takes the type in any letter case, and leaves other types alone', async () => {
    const to = await server();
    expect((await redeem(to, { ...kd01, token_type: 'PoP' })).json['token_type']).toBe('pop');
    const dpop = await redeem(to, { token_type: 'dpop' }, { proofBy: clientKey });
    expect(dpop.json['token_type']).toBe('DPoP');
    const bearer = await redeem(to, { token_type: 'Bearer' });
    expect(bearer.json['error']).toBe('invalid_dpop_proof');
  });

  it('KD-01 is nothing to a server that has it switched off', async () => {
    const to = await server({ keyDistribution: 'off' });
    const answer = await redeem(to, { ...kd01, aud: '#' }, { proofBy: otherKey });
    expect(answer.json['token_type']).toBe('DPoP');
    expect(to.server.metadata()).not.toHaveProperty('pop_signing_alg_values_supported');
  });

  it('OIDC-15 publishes its algorithms and its type, and no MAC', async () => {
    const to = await server({ section: { algorithms: ['ES256', 'RS256'] } });
    expect(to.server.metadata()).toMatchObject({
      pop_signing_alg_values_supported: ['ES256', 'RS256'],
      token_types_supported: expect.arrayContaining(['pop']),
    });
  });
});

describe('what a client asks for', () => {
  it.each([
    ['KD-02', 'a key under no type', { key: shown }],
    ['KD-02', 'a key under another type', { ...kd01, token_type: 'DPoP' }],
    ['KD-03', 'a type from the prototype', { ...kd01, token_type: 'constructor' }],
    ['KD-04', 'a list of algorithms with two blanks', { ...kd01, alg: 'ES256  RS256' }],
    ['KD-04', 'a list of algorithms with a quote', { ...kd01, alg: '"ES256"' }],
    ['KD-04', 'a list of algorithms that is too long', { ...kd01, alg: 'A'.repeat(257) }],
    ['KD-06', 'no key', { token_type: 'pop' }],
    ['KD-06', 'an empty key', { ...kd01, key: '' }],
    ['KD-06', 'a symmetric key, of a server that makes none', { token_type: 'pop', alg: 'HS256' }],
    ['KD-07', 'a thumbprint that nobody registered', { ...kd01, key: jkt }],
    ['KD-13', 'a key encrypted for the server', { ...kd01, key: 'a.b.c.d.e' }],
    ['KD-13', 'a key that is too long', { ...kd01, key: `{"x":"${'x'.repeat(5_000)}"}` }],
    ['KD-13', 'a key with a member twice', { ...kd01, key: shown.replace('{', '{"kty":"EC",') }],
    ['KD-13', 'a key in padded base64', { ...kd01, key: `${b64u(publicPart(clientKey))}==` }],
    ['KD-13', 'a list of keys', { ...kd01, key: JSON.stringify([publicPart(clientKey)]) }],
    [
      'KD-13',
      'a key in a key',
      { ...kd01, key: JSON.stringify({ ...publicPart(clientKey), jwk: publicPart(otherKey) }) },
    ],
    ['KD-13', 'a confirmation of nothing', { ...kd07, req_cnf: '{}' }],
    [
      'KD-13',
      'a confirmation by key set',
      { ...kd07, req_cnf: b64u({ jku: 'https://k.example' }) },
    ],
    ['KD-13', 'a confirmation by JWE', { ...kd07, req_cnf: b64u({ jwe: 'a.b.c.d.e' }) }],
    ['KD-13', 'a confirmation by certificate', { ...kd07, req_cnf: b64u({ 'x5t#S256': jkt }) }],
    [
      'KD-13',
      'a confirmation whose names differ',
      { ...kd07, req_cnf: b64u({ kid: 'a', jwk: { ...publicPart(clientKey), kid: 'b' } }) },
    ],
    ['KD-13', 'a confirmation by a name that is no text', { ...kd07, req_cnf: b64u({ kid: 1 }) }],
    ['KD-17', 'a key for encryption', { ...kd01, key: withMember({ use: 'enc' }) }],
    ['KD-17', 'a key that does not verify', { ...kd01, key: withMember({ key_ops: ['sign'] }) }],
    ['KD-17', 'a private member without a value', { ...kd01, key: withMember({ d: null }) }],
    ['KD-17', 'a key without its curve', { ...kd01, key: withMember({ crv: undefined }) }],
    ['KD-17', 'a key without its type', { ...kd01, key: JSON.stringify({ jwk: { x: 'x' } }) }],
    ['KD-24', 'two types', { ...kd01, token_type: ['pop', 'pop'] }],
    ['KD-24', 'two confirmations', { ...kd07, req_cnf: [kd07.req_cnf, kd07.req_cnf] }],
  ])('%s refuses %s as invalid_request, and issues nothing', async (id, _flaw, form) => {
    const to = await server();
    const answer = await redeem(to, form);
    expect(requirementOf(to)).toBe(id);
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toBe('invalid_request');
    expect(answer.json).not.toHaveProperty('access_token');
  });

  it.each([
    ['KD-04', 'no algorithm in common', { ...kd01, alg: 'ES384 RS256' }],
    ['KD-04', 'an algorithm in small letters', { ...kd01, alg: 'es256' }],
    ['KD-04', 'a MAC for a public key', { ...kd01, alg: 'HS256' }],
    [
      'KD-14',
      'a secret of its own',
      { ...kd01, key: JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }) },
    ],
    [
      'KD-14',
      'a secret in a confirmation',
      { ...kd07, req_cnf: b64u({ jwk: { kty: 'oct', k: 'c2VjcmV0' } }) },
    ],
    [
      'KD-15',
      'a type that nobody knows',
      { ...kd01, key: JSON.stringify({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }) },
    ],
    [
      'KD-15',
      'a key for another algorithm',
      { ...kd01, alg: undefined, key: withMember({ alg: 'ES384' }) },
    ],
    [
      'KD-15',
      'a key of low order',
      {
        ...kd01,
        key: JSON.stringify({
          kty: 'OKP',
          crv: 'Ed25519',
          x: Buffer.alloc(32).toString('base64url'),
        }),
      },
    ],
  ])('%s refuses %s as unsupported_pop_key', async (id, _flaw, form) => {
    const to = await server();
    const answer = await redeem(to, form);
    expect(requirementOf(to)).toBe(id);
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({
      status: 400,
      error: 'unsupported_pop_key',
    });
  });

  it('KD-15 asks what the resource can process, not the server alone', async () => {
    const to = await server({
      resources: [{ resource: scene.resource, proofAlgorithms: ['RS256'] }],
      defaultAudiences: [scene.resource],
    });
    expect((await redeem(to, kd01)).json['error']).toBe('unsupported_pop_key');
    const elsewhere = await server({
      resources: [{ resource: scene.resource, proofAlgorithms: ['RS256'] }],
    });
    expect((await redeem(elsewhere, kd01)).status).toBe(200);
  });

  it('KD-13 refuses a dialect that is switched off', async () => {
    const only01 = await server({ section: { dialects: ['kd-01'] } });
    expect((await redeem(only01, kd07)).json['error']).toBe('invalid_request');
    expect((await redeem(only01, kd01)).status).toBe(200);
    const only07 = await server({ section: { dialects: ['kd-07'] } });
    expect((await redeem(only07, kd01)).json['error']).toBe('invalid_request');
    const msal = { token_type: 'pop', req_cnf: b64u({ kid: jkt, xms_ksl: 'sw' }) };
    expect((await redeem(only07, msal)).json['error']).toBe('invalid_request');
    expect(cnfIn(await redeem(await server(), msal))).toEqual({ kid: jkt });
    const onlyMsal = await server({ section: { dialects: ['microsoft'] } });
    expect(cnfIn(await redeem(onlyMsal, msal))).toEqual({ kid: jkt });
    expect((await redeem(onlyMsal, kd07)).json['error']).toBe('invalid_request');
  });

  it('KD-23 has no refusal called invalid_token_type', () => {
    expect(new Set(Object.values(keyDistributionErrors))).toEqual(
      new Set(['invalid_request', 'unsupported_pop_key', 'access_denied', 'invalid_target']),
    );
  });

  it('KD-24 leaves the code alone until the request is right', async () => {
    const to = await server();
    const code = await savedCode(to.stores.grants);
    const wrong = await to.send(await tokenRequest(codeForm(code, { ...kd01, alg: 'RS256' })));
    expect(wrong.json['error']).toBe('unsupported_pop_key');
    expect((await to.send(await tokenRequest(codeForm(code, kd01)))).status).toBe(200);
    const again = await to.send(await tokenRequest(codeForm(code, kd01)));
    expect(again.json['error']).toBe('invalid_grant');
  });
});

describe('clients that registered', () => {
  const withKeys = (own: object): AuthorizationServerOptions['clients'] =>
    undemandingClients.map((client) => ({ ...client, metadata: { ...client.metadata, ...own } }));

  it('KD-02 makes no other token for a client that registered for pop tokens', async () => {
    const to = await server({ clients: withKeys({ pop_bound_access_tokens: true }) });
    expect((await redeem(to, { key: shown })).json['token_type']).toBe('pop');
    expect((await redeem(to, {})).json['error']).toBe('invalid_request');
    const proven = await redeem(to, {}, { proofBy: clientKey });
    expect(proven.json['error']).toBe('invalid_request');
    const other = await redeem(to, { token_type: 'DPoP' }, { proofBy: clientKey });
    expect(other.json['error']).toBe('invalid_request');
  });

  it('KD-07 finds a registered key by its thumbprint and by its kid', async () => {
    const keys = [
      { kty: 'oct', k: 'AA' },
      { ...publicPart(otherKey), kid: 'other' },
    ];
    const jwks = { keys: [...keys.slice(1), { ...publicPart(clientKey), kid: 'mine' }] };
    const to = await server({ clients: withKeys({ jwks }) });
    const found = { jwk: { ...publicPart(clientKey), kid: 'mine' } };
    expect(cnfIn(await redeem(to, { ...kd01, key: jkt }))).toEqual(found);
    for (const kid of [jkt, 'mine']) {
      expect(cnfIn(await redeem(to, { ...kd07, req_cnf: b64u({ kid }) }))).toEqual(found);
    }
    const unknown = { ...kd07, req_cnf: b64u({ kid: 'constructor' }) };
    expect((await redeem(to, unknown)).json['error']).toBe('invalid_request');
  });
});

describe('possession (KD-16)', () => {
  const strict = { requireKeyProof: ['kd-07' as const] };

  it('KD-16 is shown by a DPoP proof of the very key', async () => {
    const to = await server({ section: strict });
    const answer = await redeem(to, kd07, { proofBy: clientKey });
    expect(answer.json['token_type']).toBe('pop');
    expect(cnfIn(answer)).toEqual({ jwk: publicPart(clientKey) });
  });

  it('KD-16 is shown by the key of the assertion with which the client authenticated', async () => {
    const to = await server({ section: strict });
    const form = { grant_type: 'client_credentials', scope: 'api:read', ...kd07 };
    const own = await to.send(await tokenRequest({ ...(await assertionForm()), ...form }));
    expect(claimsIn(own.json['access_token'])).toMatchObject(boundTo());
    const other = { ...form, req_cnf: b64u({ jwk: publicPart(otherKey) }) };
    const refused = await to.send(await tokenRequest({ ...(await assertionForm()), ...other }));
    expect(refused.json['error']).toBe('invalid_request');
  });

  it('KD-16 refuses a key without proof where one is asked for, and takes it where none is', async () => {
    const to = await server({ section: strict });
    expect((await redeem(to, kd07)).json['error']).toBe('invalid_request');
    expect((await redeem(to, kd01)).status).toBe(200);
  });

  it('KD-16 refuses a proof of another key, whether or not one is asked for', async () => {
    const to = await server({ section: strict });
    for (const form of [kd01, kd07]) {
      const answer = await redeem(to, form, { proofBy: otherKey });
      expect(answer.json['error']).toBe('invalid_dpop_proof');
    }
  });
});

describe('refreshing (KD-21)', () => {
  it('KD-21 takes a new key, and keeps the old one where none is sent', async () => {
    const to = await server();
    const refresh = async (before: TestAnswer, own: Form) =>
      to.send(await tokenRequest(refreshForm(textOf(before, 'refresh_token'), own)));
    const first = await redeem(to, kd01);
    const kept = await refresh(first, {});
    const asked = await refresh(kept, { token_type: 'pop' });
    for (const answer of [kept, asked]) {
      expect(answer.json['token_type']).toBe('pop');
      expect(cnfIn(answer)).toEqual({ jwk: publicPart(clientKey) });
    }
    const renewed = await refresh(asked, { ...kd01, key: JSON.stringify(publicPart(otherKey)) });
    expect(cnfIn(renewed)).toEqual({ jwk: publicPart(otherKey) });
    expect(cnfIn(await refresh(renewed, {}))).toEqual({ jwk: publicPart(otherKey) });
  });

  it('KD-21 never falls back to a token without a key', async () => {
    const clients = undemandingClients.map((client) => ({
      ...client,
      relaxations: ['unbound-access-tokens' as const],
    }));
    const to = await server({ clients });
    const unbound = await redeem(to, {});
    expect(unbound.json['token_type']).toBe('Bearer');
    const form = refreshForm(textOf(unbound, 'refresh_token'), { token_type: 'pop' });
    expect((await to.send(await tokenRequest(form))).json['error']).toBe('invalid_request');
  });
});

describe('rs_cnf', () => {
  it('KD-19 tells the key of the one resource, in the words of -07 alone', async () => {
    const to = await server({
      resources: [{ resource: scene.resource, confirmation: publicPart(otherKey) }],
      defaultAudiences: [scene.resource, scene.issuer],
    });
    const target = { resource: scene.resource };
    expect((await redeem(to, { ...kd07, ...target })).json['rs_cnf']).toEqual({
      jwk: publicPart(otherKey),
    });
    expect((await redeem(to, { ...kd01, ...target })).json).not.toHaveProperty('rs_cnf');
    expect((await redeem(to, kd07)).json).not.toHaveProperty('rs_cnf');
    expect((await redeem(to, { ...kd07, resource: scene.issuer })).json).not.toHaveProperty(
      'rs_cnf',
    );
  });

  it('KD-19 does not start with a private key of the resource', async () => {
    const confirmed = [{ resource: scene.resource, confirmation: otherKey }];
    await expect(server({ resources: confirmed })).rejects.toThrow(/private member/);
  });
});

/** The client's key as text, with a member added, replaced or taken away. */
function withMember(member: object): string {
  return JSON.stringify({ ...publicPart(clientKey), ...member });
}
