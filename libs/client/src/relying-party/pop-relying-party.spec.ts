import { beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicJwk, systemClock, thumbprintOf } from '@keybound/core';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { None } from 'openid-client';
import { InMemoryKeyPairs } from '../key-store/in-memory-key-pairs.js';
import { ResourceKeys } from '../key-store/resource-keys.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';
import { UnusableTokenError } from '../token-response/unusable-token-error.js';
import { PopRelyingParty } from './pop-relying-party.js';
import type { Binding, PendingLogin } from './relying-party-options.js';

const issuer = 'https://issuer.example';
const redirectUri = 'https://client.example/cb';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const { privateKey: foreignKey } = await generateKeyPair('RS256');

type Answer = Record<string, unknown>;

/** An issuer that does everything right, unless a test tells it otherwise. */
class Provider {
  readonly requests: {
    readonly path: string;
    readonly form: URLSearchParams;
    readonly init: RequestInit;
  }[] = [];
  metadata: Answer = {};
  nonce = '';
  idToken: JWTPayload = {};
  key = privateKey;
  alterToken: (answer: Answer) => Answer = (answer) => answer;
  userInfo: Response = Response.json({ sub: 'alice' });

  readonly fetch: Fetch = async (input, init = {}) => {
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
    if (origin !== issuer) throw new TypeError(`Nobody is at ${origin}.`);
    const form = init.body instanceof URLSearchParams ? init.body : new URLSearchParams();
    this.requests.push({ path: pathname, form, init });
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          authorization_response_iss_parameter_supported: true,
          ...this.metadata,
        });
      case '/jwks':
        return Response.json({
          keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig' }],
        });
      case '/token':
        return this.#token(form, new Headers(init.headers));
      case '/userinfo':
        return this.userInfo.clone();
      default:
        return new Response(null, { status: 404 });
    }
  };

  /** Binds the token to whatever key the request names. */
  async #token(form: URLSearchParams, headers: Headers): Promise<Response> {
    const cnf = await confirmationFor(form, headers);
    const now = systemClock.now();
    const claims = { iss: issuer, sub: 'alice', aud: 'client-1', iat: now, exp: now + 300 };
    const idToken = { ...claims, nonce: this.nonce, ...this.idToken };
    const answer = {
      access_token: await sign({ ...claims, cnf }),
      token_type: form.has('token_type') ? 'pop' : 'DPoP',
      expires_in: 300,
      refresh_token: 'refresh-1',
      ...(form.get('grant_type') === 'authorization_code' && {
        id_token: await sign(idToken, this.key),
      }),
    };
    return Response.json(this.alterToken(answer));
  }
}

async function confirmationFor(form: URLSearchParams, headers: Headers): Promise<Answer> {
  const key = form.get('key');
  const confirmation = form.get('req_cnf');
  if (key !== null) return { jwk: JSON.parse(key) as Answer };
  if (confirmation !== null) return JSON.parse(decode(confirmation)) as Answer;
  const [header = ''] = (headers.get('dpop') ?? '').split('.');
  const { jwk } = JSON.parse(decode(header)) as { jwk: unknown };
  const parsed = parsePublicJwk(jwk);
  return { jkt: parsed.ok ? await thumbprintOf(parsed.value) : undefined };
}

const decode = (text: string) => Buffer.from(text, 'base64url').toString();
const sign = (claims: JWTPayload, key = privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key);

describe.each<Binding>(['dpop', 'kd-01', 'kd-07'])('PopRelyingParty, %s', (binding) => {
  let provider: Provider;
  let party: PopRelyingParty;
  let pending: PendingLogin;
  const store = new InMemoryKeyPairs();

  beforeEach(async () => {
    provider = new Provider();
    party = await PopRelyingParty.known(
      {
        issuer,
        binding,
        keys: new ResourceKeys(store),
        redirectUri,
        fetch: provider.fetch,
        clock: systemClock,
      },
      { clientId: 'client-1', authentication: None() },
    );
    ({ pending } = await party.begin());
    provider.nonce = pending.nonce;
  });

  const callback = (more: Record<string, string> = {}) => {
    const parameters = { code: 'code-1', state: pending.state, iss: issuer, ...more };
    return new URL(`${redirectUri}?${new URLSearchParams(parameters).toString()}`);
  };

  it('OIDC-30 begins with PKCE, state and nonce, anew each time', async () => {
    const { url, pending: other } = await party.begin({ scope: 'openid profile' });
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile',
      redirect_uri: redirectUri,
    });
    for (const member of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(other[member]).not.toBe(pending[member]);
    }
  });

  it('KD-02 KD-05 asks for a token that is bound to its key, and keeps it', async () => {
    const tokens = await party.finish(callback(), pending);
    expect(tokens).toMatchObject({
      tokenType: binding === 'dpop' ? 'DPoP' : 'pop',
      subject: 'alice',
    });
    const { form } = provider.requests.find(({ path }) => path === '/token') ?? {
      form: new URLSearchParams(),
    };
    expect(form.get('token_type')).toBe(binding === 'dpop' ? null : 'pop');
    expect(form.has('key')).toBe(binding === 'kd-01');
    expect(form.has('req_cnf')).toBe(binding === 'kd-07');
  });

  it.each([
    ['KD-18 DPOP-42', 'an unbound token', { token_type: 'Bearer' }],
    ['KD-18 DPOP-42', 'a token of a type nobody knows', { token_type: 'mac' }],
    ['KD-18', 'the key of somebody else', { cnf: { jkt: 'A'.repeat(43) } }],
  ])('%s refuses %s', async (_requirement, _what, flaw) => {
    provider.alterToken = (answer) => ({ ...answer, ...flaw });
    await expect(party.finish(callback(), pending)).rejects.toThrow(UnusableTokenError);
  });

  it('KD-18 refuses a token that says it is bound to another key', async () => {
    const other = await sign({ cnf: { jkt: 'A'.repeat(43) } });
    provider.alterToken = (answer) => ({ ...answer, access_token: other });
    await expect(party.finish(callback(), pending)).rejects.toThrow(UnusableTokenError);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'client-2' }],
    ['a further audience without azp', { aud: ['client-1', 'client-2'] }],
    ['another authorized party', { aud: ['client-1', 'client-2'], azp: 'client-2' }],
    ['an end in the past', { exp: 1_700_000_000 }],
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined as never }],
  ])('OIDC-33 refuses an ID token with %s', async (_flaw, claims) => {
    provider.idToken = claims;
    await expect(party.finish(callback(), pending)).rejects.toThrow();
  });

  it('OIDC-33 refuses an ID token that another key signed', async () => {
    provider.key = foreignKey;
    await expect(party.finish(callback(), pending)).rejects.toThrow();
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another state', { state: 'another' }],
  ])('OIDC-34 THR-56 refuses a response with %s, and sends no code', async (_flaw, parameters) => {
    await expect(party.finish(callback(parameters), pending)).rejects.toThrow();
    expect(provider.requests.some(({ path }) => path === '/token')).toBe(false);
  });

  it('OIDC-34 THR-56 refuses a response without the issuer, which promised to send it', async () => {
    const without = callback();
    without.searchParams.delete('iss');
    await expect(party.finish(without, pending)).rejects.toThrow();
    expect(provider.requests.some(({ path }) => path === '/token')).toBe(false);
  });

  it('OIDC-10 refuses an issuer that goes by another name', async () => {
    provider.metadata = { issuer: `${issuer}/` };
    const { fetch } = provider;
    const options = { issuer, binding, keys: new ResourceKeys(store), redirectUri, fetch };
    const known = { clientId: 'client-1', authentication: None() };
    await expect(PopRelyingParty.known(options, known)).rejects.toThrow();
  });

  it('OIDC-38 takes claims about the user of the ID token, and about nobody else', async () => {
    const tokens = await party.finish(callback(), pending);
    expect(await party.userInfo(tokens)).toEqual({ sub: 'alice' });
    provider.userInfo = Response.json({ sub: 'mallory' });
    await expect(party.userInfo(tokens)).rejects.toThrow();
  });

  it('DPOP-22 SHR-27 asks for the claims with a proof', async () => {
    await party.userInfo(await party.finish(callback(), pending));
    const { init } = provider.requests.at(-1) ?? {};
    const authorization = new Headers(init?.headers).get('authorization') ?? '';
    expect(authorization).toMatch(binding === 'dpop' ? /^DPoP / : /^PoP /);
  });

  it('KD-18 DPOP-22 DPOP-42 knows its endpoints however the metadata spells them', async () => {
    const spelt = 'https://ISSUER.example:443';
    provider.metadata = {
      token_endpoint: `${spelt}/token`,
      userinfo_endpoint: `${spelt}/userinfo`,
    };
    const { fetch } = provider;
    const options = { issuer, binding, keys: new ResourceKeys(store), redirectUri, fetch };
    const client = { clientId: 'client-1', authentication: None() };
    const other = await PopRelyingParty.known(options, client);
    await other.userInfo(await other.finish(callback(), pending));
    for (const path of ['/token', '/userinfo']) {
      const { init } = provider.requests.find((request) => request.path === path) ?? {};
      const headers = new Headers(init?.headers);
      const authorization = headers.get('authorization') ?? '';
      expect(authorization).not.toMatch(/^Bearer /);
      expect(headers.has('dpop') || authorization.startsWith('PoP ')).toBe(true);
    }
    provider.alterToken = (answer) => ({ ...answer, token_type: 'Bearer' });
    await expect(other.finish(callback(), pending)).rejects.toThrow(UnusableTokenError);
  });

  it('KD-21 refreshes with the key that it has', async () => {
    const tokens = await party.finish(callback(), pending);
    const refreshed = await party.refresh(tokens);
    expect(refreshed).toMatchObject({ keyName: tokens.keyName, subject: 'alice' });
    expect(refreshed.accessToken).not.toBe('');
    provider.alterToken = (answer) => ({ ...answer, token_type: 'Bearer' });
    await expect(party.refresh(tokens)).rejects.toThrow(UnusableTokenError);
  });
});

describe('PopRelyingParty with a signed UserInfo response', () => {
  it('OIDC-37 OIDC-38 refuses a plain response, and a signed one for another client', async () => {
    const provider = new Provider();
    const party = await PopRelyingParty.known(
      {
        issuer,
        binding: 'dpop',
        keys: new ResourceKeys(new InMemoryKeyPairs()),
        redirectUri,
        fetch: provider.fetch,
      },
      {
        clientId: 'client-1',
        authentication: None(),
        metadata: { userinfo_signed_response_alg: 'RS256' },
      },
    );
    const { pending } = await party.begin();
    provider.nonce = pending.nonce;
    const returned = `${redirectUri}?code=c&state=${pending.state}&iss=${encodeURIComponent(issuer)}`;
    const tokens = await party.finish(new URL(returned), pending);
    const jwt = async (aud: string) =>
      new Response(await sign({ iss: issuer, aud, sub: 'alice' }), {
        headers: { 'content-type': 'application/jwt' },
      });
    provider.userInfo = await jwt('client-1');
    expect(await party.userInfo(tokens)).toMatchObject({ sub: 'alice' });
    provider.userInfo = await jwt('client-2');
    await expect(party.userInfo(tokens)).rejects.toThrow();
    provider.userInfo = Response.json({ sub: 'alice' });
    await expect(party.userInfo(tokens)).rejects.toThrow();
  });
});
