import { createHash } from 'node:crypto';
import type { AuthorizationServerOptions } from '@keybound/authorization-server';
import type { AuthorizationServerPlugIn } from '@keybound/authorization-server/extension';
import {
  testServer,
  undemandingClients,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';

export const redirectUri = 'https://client.example/cb';
export const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');

export const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };

export function form(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

/** An authorization request of `public-1` that lacks nothing. */
export function authorizationParameters(own: Readonly<Record<string, string>> = {}) {
  return {
    client_id: 'public-1',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    state: 'state-1',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...own,
  };
}

/** A browser at the authorization server of the scene, in which alice logs in and allows everything. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly server: TestServer) {}

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async get(url: string): Promise<TestAnswer> {
    const headers = this.#cookies.size === 0 ? {} : { cookie: this.cookie };
    const answer = await this.server.send({ method: 'GET', url, headers });
    for (const line of answer.fields('set-cookie')) {
      const [pair = ''] = line.split(';');
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  }

  /** Opens an authorization request and does what it is asked, until the client's turn comes. */
  async authorize(parameters: Readonly<Record<string, string>>): Promise<URL> {
    let answer = await this.get(`/authorize?${form(parameters)}`);
    for (let step = 0; step < 5; step += 1) {
      const location = locationOf(answer);
      if (location.href.startsWith(redirectUri)) return location;
      const isInteraction = location.pathname.startsWith('/interaction/');
      answer = await this.get(isInteraction ? await this.#answer(location) : location.href);
    }
    throw new Error('The authorization does not end.');
  }

  async #answer(interaction: URL): Promise<string> {
    const { interactions } = this.server.server;
    const id = interaction.pathname.slice('/interaction/'.length);
    for (let step = 0; step < 3; step += 1) {
      const details = await interactions.details(id, this.cookie);
      if (!details.ok) throw new Error(details.failure.code);
      const { reasons, csrfToken } = details.value;
      const answered = await interactions.answer(details.value, csrfToken, {
        ...(reasons.some((reason) => reason !== 'consent') && { login: { subject: 'alice' } }),
        ...(reasons.includes('consent') && { consent: { remember: true } }),
      });
      if (!answered.ok) throw new Error(answered.failure.code);
      if (answered.value.to === 'return') return answered.value.location;
    }
    throw new Error('The interaction does not end.');
  }
}

export function locationOf(answer: TestAnswer): URL {
  const [location] = answer.fields('location');
  if (location === undefined)
    throw new Error(`No redirect: ${String(answer.status)} ${answer.body ?? ''}`);
  return new URL(location);
}

/** The server of the scene, in which tokens may be unbound: for what does not concern keys. */
export function unboundServer(
  own: Partial<AuthorizationServerOptions> = {},
  plugIns: readonly AuthorizationServerPlugIn[] = [],
): Promise<TestServer> {
  const unbound = { clients: undemandingClients, accessTokens: { requireProof: false } };
  return testServer({ ...unbound, ...own }, plugIns);
}

export async function freshCode(
  server: TestServer,
  own: Readonly<Record<string, string>> = {},
  browser = new Browser(server),
): Promise<string> {
  const callback = await browser.authorize(authorizationParameters(own));
  const code = callback.searchParams.get('code');
  if (code === null) throw new Error(`No code: ${callback.href}`);
  return code;
}

export function redeem(
  server: TestServer,
  code: string,
  own: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  const body = form({
    grant_type: 'authorization_code',
    client_id: 'public-1',
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
    ...own,
  });
  return server.send({
    method: 'POST',
    url: '/token',
    headers: { ...formHeaders, ...headers },
    body,
  });
}
