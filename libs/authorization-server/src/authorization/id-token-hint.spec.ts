import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCompactJws, type Signer } from '@keybound/core';
import {
  authorizationServerOptions,
  hash,
  otherKey,
  signerFor,
  T0,
  testServer,
  type Flaw,
  type TestServer,
} from '@keybound/testing';

const callback = 'https://client.example/cb';
const { keys } = await authorizationServerOptions();
const { kid, signer: ownSigner } = await keys.current('ES256', T0);

function idToken(flaw: Flaw = {}, header: Flaw = {}, signer: Signer = ownSigner): Promise<string> {
  const claims = {
    iss: 'https://as.example.com',
    aud: 'public-1',
    sub: 'alice',
    iat: T0 - 60,
    exp: T0 + 240,
    ...flaw,
  };
  return signCompactJws({ typ: 'JWT', kid, ...header }, claims, signer);
}

let test: TestServer;
beforeAll(async () => {
  test = await testServer({ keys });
});

async function authorize(id_token_hint: string) {
  const parameters = new URLSearchParams({
    client_id: 'public-1',
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    id_token_hint,
  });
  const answer = await test.send({ url: `/authorize?${parameters.toString()}` });
  const [location = ''] = answer.fields('location');
  if (location.startsWith(callback)) return new URL(location).searchParams.get('error');
  const id = location.slice(location.lastIndexOf('/') + 1);
  const record = await test.stores.grants.findInteraction(hash(id), T0);
  return record?.request.idTokenHint;
}

describe('id_token_hint (OpenID Connect Core §3.1.2.1)', () => {
  it.each([
    ['as it was issued', {}, {}],
    ['after it expired', { exp: T0 - 86_400 }, {}],
    ['for several', { aud: ['other', 'public-1'], azp: 'public-1' }, {}],
    ['without a typ', {}, { typ: undefined }],
  ])('AS-173 is taken %s', async (_what, flaw, header) => {
    expect(await authorize(await idToken(flaw, header))).toEqual({ subject: 'alice' });
  });

  it.each([
    ['of another client', { aud: 'client-1' }, {}],
    ['of several others', { aud: ['client-1', 'other'] }, {}],
    ['of another issuer', { iss: 'https://other.example' }, {}],
    ['of nobody', { sub: undefined }, {}],
    ['with an empty sub', { sub: '' }, {}],
    ['that is an access token', {}, { typ: 'at+jwt' }],
    ['that is a logout token', {}, { typ: 'logout+jwt' }],
    ['that is a signed UserInfo response', { iat: undefined, exp: undefined }, {}],
    ['under a key that is none', {}, { kid: 'unknown' }],
    ['with an extension', {}, { crit: ['exp'] }],
  ])('AS-173 is refused %s', async (_what, flaw, header) => {
    expect(await authorize(await idToken(flaw, header))).toBe('invalid_request');
    expect(test.audit.events.at(-1)).toMatchObject({ requirement: 'AS-173' });
  });

  it('AS-173 THR-10 is refused where somebody else signed it', async () => {
    const signer = await signerFor(otherKey);
    expect(await authorize(await idToken({}, {}, signer))).toBe('invalid_request');
    const jwk = { ...otherKey, d: undefined };
    expect(await authorize(await idToken({}, { kid: undefined, jwk }, signer))).toBe(
      'invalid_request',
    );
  });

  it('AS-173 THR-01 is refused without a signature', async () => {
    const [, payload = ''] = (await idToken()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await authorize(`${none}.${payload}.`)).toBe('invalid_request');
    expect(await authorize(`${none}..aXY.dGV4dA.dGFn`)).toBe('invalid_request');
  });

  it('THR-13 is refused beyond 8,192 characters', async () => {
    expect(await authorize(await idToken({ padding: 'x'.repeat(7_000) }))).toBe('invalid_request');
  });
});
