import { beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicJwk, systemClock, thumbprintOf } from '@keybound/core';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { None, PrivateKeyJwt, type ClientAuth } from 'openid-client';
import { InMemoryKeyPairs } from '../key-store/in-memory-key-pairs.js';
import { ResourceKeys } from '../key-store/resource-keys.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';
import { UnusableTokenError } from '../token-response/unusable-token-error.js';
import { PopRelyingParty } from './pop-relying-party.js';
import type { Binding, BoundTokens, PendingLogin } from './relying-party-options.js';

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
  /** That of a refresh; there is none unless a test gives its claims. */
  refreshedIdToken: JWTPayload | undefined;
  key = privateKey;
  /** What a proof must carry, if anything. */
  proofNonce: string | undefined;
  demandNonce = (nonce: string) => refusal(400, 'use_dpop_nonce', { 'dpop-nonce': nonce });
  refuseToken: (() => Response) | undefined;
  readonly spentAssertions = new Set<string>();
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

  /** Authenticates before anything else, as servers may, and spends the client assertion by that. */
  async #token(form: URLSearchParams, headers: Headers): Promise<Response> {
    const assertion = form.get('client_assertion');
    if (assertion !== null) {
      const { jti = '' } = decodeJwt(assertion);
      if (this.spentAssertions.has(jti)) return refusal(401, 'invalid_client');
      this.spentAssertions.add(jti);
    }
    const proof = headers.get('dpop') ?? '';
    if (this.proofNonce !== undefined && decodeJwt(proof)['nonce'] !== this.proofNonce) {
      return this.demandNonce(this.proofNonce);
    }
    if (this.refuseToken !== undefined) return this.refuseToken();
    return this.#granted(form, headers);
  }

  /** Binds the token to whatever key the request names. */
  async #granted(form: URLSearchParams, headers: Headers): Promise<Response> {
    const cnf = await confirmationFor(form, headers);
    const now = systemClock.now();
    const claims = { iss: issuer, sub: 'alice', aud: 'client-1', iat: now, exp: now + 300 };
    const idToken =
      form.get('grant_type') === 'refresh_token'
        ? this.refreshedIdToken
        : { nonce: this.nonce, ...this.idToken };
    const answer = {
      access_token: await sign({ ...claims, cnf }),
      token_type: form.has('token_type') ? 'pop' : 'DPoP',
      expires_in: 300,
      refresh_token: 'refresh-1',
      ...(idToken && { id_token: await sign({ ...claims, ...idToken }, this.key) }),
    };
    return Response.json(this.alterToken(answer));
  }
}

const refusal = (status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers });

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

/** What `openid-client` throws: its code, and which part of the message it names. */
const refusalBy = (code: string, part: string) => ({
  code,
  cause: { message: expect.stringContaining(part) },
});
const claimRefused = 'OAUTH_JWT_CLAIM_COMPARISON_FAILED';
const responseRefused = 'OAUTH_INVALID_RESPONSE';

describe.each<Binding>(['dpop', 'kd-01', 'kd-07'])('PopRelyingParty, %s', (binding) => {
  let provider: Provider;
  let party: PopRelyingParty;
  let pending: PendingLogin;
  const store = new InMemoryKeyPairs();

  beforeEach(async () => {
    provider = new Provider();
    await login(None());
  });

  async function login(authentication: ClientAuth): Promise<void> {
    party = await PopRelyingParty.known(
      {
        issuer,
        binding,
        keys: new ResourceKeys(store),
        redirectUri,
        fetch: provider.fetch,
        clock: systemClock,
      },
      { clientId: 'client-1', authentication },
    );
    ({ pending } = await party.begin());
    provider.nonce = pending.nonce;
  }

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
    ['another issuer', { iss: 'https://evil.example' }, claimRefused, '"iss"'],
    ['another audience', { aud: 'client-2' }, claimRefused, '"aud"'],
    ['a further audience, no azp', { aud: ['client-1', 'client-2'] }, claimRefused, 'untrusted'],
    ['another azp', { aud: ['client-1', 'client-2'], azp: 'client-2' }, claimRefused, '"azp"'],
    ['an end in the past', { exp: 1_700_000_000 }, 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED', '"exp"'],
    ['another nonce', { nonce: 'another' }, claimRefused, '"nonce"'],
    ['no nonce', { nonce: undefined as never }, responseRefused, '"nonce"'],
  ])('OIDC-33 refuses an ID token with %s', async (_flaw, claims, code, part) => {
    provider.idToken = claims;
    const finishing = party.finish(callback(), pending);
    await expect(finishing).rejects.toMatchObject(refusalBy(code, part));
  });

  it('OIDC-33 refuses an ID token that another key signed', async () => {
    provider.key = foreignKey;
    const finishing = party.finish(callback(), pending);
    await expect(finishing).rejects.toMatchObject(refusalBy(responseRefused, 'signature'));
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }, '"iss"'],
    ['another state', { state: 'another' }, '"state"'],
  ])('OIDC-34 THR-56 refuses a response with %s, and sends no code', async (_flaw, more, part) => {
    const finishing = party.finish(callback(more), pending);
    await expect(finishing).rejects.toMatchObject(refusalBy(responseRefused, part));
    expect(provider.requests.some(({ path }) => path === '/token')).toBe(false);
  });

  it('OIDC-34 THR-56 refuses a response without the issuer, which promised to send it', async () => {
    const without = callback();
    without.searchParams.delete('iss');
    const finishing = party.finish(without, pending);
    await expect(finishing).rejects.toMatchObject(refusalBy(responseRefused, '"iss"'));
    expect(provider.requests.some(({ path }) => path === '/token')).toBe(false);
  });

  it('OIDC-10 refuses an issuer that goes by another name', async () => {
    provider.metadata = { issuer: `${issuer}/` };
    const { fetch } = provider;
    const options = { issuer, binding, keys: new ResourceKeys(store), redirectUri, fetch };
    const known = { clientId: 'client-1', authentication: None() };
    await expect(PopRelyingParty.known(options, known)).rejects.toThrow(
      'The metadata is that of another issuer.',
    );
  });

  it('OIDC-38 takes claims about the user of the ID token, and about nobody else', async () => {
    const tokens = await party.finish(callback(), pending);
    expect(await party.userInfo(tokens)).toEqual({ sub: 'alice' });
    provider.userInfo = Response.json({ sub: 'mallory' });
    await expect(party.userInfo(tokens)).rejects.toMatchObject(
      refusalBy('OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED', '"sub"'),
    );
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
    expect(confirmationOf(refreshed)).toEqual(confirmationOf(tokens));
    const rekeyed = await party.refresh(tokens, 'another key');
    expect(rekeyed.keyName).toBe('another key');
    expect(confirmationOf(rekeyed)).not.toEqual(confirmationOf(tokens));
    provider.alterToken = (answer) => ({ ...answer, token_type: 'Bearer' });
    await expect(party.refresh(tokens)).rejects.toThrow(UnusableTokenError);
  });

  it.each([
    ['without auth_time', {}],
    ['with the auth_time of the login', { auth_time: 1_700_000_000 }],
  ])('AS-169 OIDC-33 takes a new ID token of the same user %s', async (_which, claims) => {
    provider.idToken = { auth_time: 1_700_000_000 };
    const tokens = await party.finish(callback(), pending);
    provider.refreshedIdToken = claims;
    const refreshed = await party.refresh(await party.refresh(tokens));
    expect(refreshed).toMatchObject({ subject: 'alice', authenticatedAt: 1_700_000_000 });
  });

  it.each([
    ['another user', { sub: 'mallory' }, 'The new ID token is about another user.'],
    ['another login', { auth_time: 1_700_000_001 }, 'The new ID token is about another login.'],
  ])('AS-169 OIDC-33 refuses a new ID token about %s', async (_flaw, claims, message) => {
    provider.idToken = { auth_time: 1_700_000_000 };
    const tokens = await party.finish(callback(), pending);
    provider.refreshedIdToken = claims;
    await expect(party.refresh(tokens)).rejects.toThrow(new UnusableTokenError(message));
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }, '"iss"'],
    ['another audience', { aud: 'client-2' }, '"aud"'],
  ])('AS-169 OIDC-33 refuses a new ID token of %s', async (_flaw, claims, part) => {
    const tokens = await party.finish(callback(), pending);
    provider.refreshedIdToken = claims;
    const refreshing = party.refresh(tokens);
    await expect(refreshing).rejects.toMatchObject(refusalBy(claimRefused, part));
  });

  it('OPS-11 AS-86 meets the demand for a nonce with a client assertion of its own', async () => {
    await login(PrivateKeyJwt(privateKey));
    provider.proofNonce = 'nonce-1';
    const tokens = await party.finish(callback(), pending);
    provider.proofNonce = 'nonce-2';
    await party.refresh(tokens);
    expect(provider.spentAssertions.size).toBe(4);
  });

  it.each([
    ['wants yet another nonce', () => refusal(400, 'use_dpop_nonce', { 'dpop-nonce': 'n' }), 2],
    ['gives none', () => refusal(400, 'use_dpop_nonce'), 1],
    ['refuses for another reason', () => refusal(400, 'invalid_grant', { 'dpop-nonce': 'n' }), 1],
  ])('OPS-11 sends no further request to a server that %s', async (_what, answer, requests) => {
    provider.refuseToken = answer;
    const { error } = (await answer().json()) as { error: string };
    await expect(party.finish(callback(), pending)).rejects.toMatchObject({ error });
    expect(provider.requests.filter(({ path }) => path === '/token')).toHaveLength(requests);
  });

  it('KD-23 takes invalid_token_type for a refusal', async () => {
    provider.refuseToken = () => refusal(400, 'invalid_token_type');
    const finishing = party.finish(callback(), pending);
    await expect(finishing).rejects.toMatchObject({ error: 'invalid_token_type' });
  });

  it('OPS-12 understands the demand for a nonce in a 401 with a challenge too', async () => {
    provider.proofNonce = 'nonce-1';
    const challenge = { 'dpop-nonce': 'nonce-1', 'www-authenticate': 'DPoP algs="ES256"' };
    provider.demandNonce = () => refusal(401, 'use_dpop_nonce', challenge);
    expect(await party.finish(callback(), pending)).toMatchObject({ subject: 'alice' });
  });
});

const confirmationOf = ({ accessToken }: BoundTokens) => decodeJwt(accessToken)['cnf'];

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
    const misdirected = refusalBy(claimRefused, '"aud"');
    await expect(party.userInfo(tokens)).rejects.toMatchObject(misdirected);
    provider.userInfo = Response.json({ sub: 'alice' });
    const plain = { code: 'OAUTH_JWT_USERINFO_EXPECTED' };
    await expect(party.userInfo(tokens)).rejects.toMatchObject(plain);
  });
});
