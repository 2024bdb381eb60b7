import { createHash, randomBytes } from 'node:crypto';
import type { JsonObject } from '@keybound/core';
import { dpopProof, type Flaw, type Signing, type TestKey } from '@keybound/testing';
import { alice, type HeadlessUser, type SampleApp } from './running-sample-app.js';
import { onTheWire, type WireAnswer } from './wire-answer.js';

/** Parameters of a request; one without a value is left out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** What a client adds to a form, or to the fields around it, to say who it is. */
export type Authentication = (form: URLSearchParams, headers: Headers) => void | Promise<void>;

export interface SuiteClientOptions {
  readonly id: string;
  readonly authentication: Authentication;
  /** Proves this key at the token endpoint and at resources; by nothing where absent. */
  readonly dpopKey?: TestKey;
  readonly now: () => number;
  /** Of PKCE; its own where absent. */
  readonly verifier?: string;
}

export const suiteRedirectUri = 'https://client.example/cb';

/**
 * A client that says what it is told to say, and leaves to the test what to make of the answer: the
 * tester's side of the OpenID Foundation's suite.
 */
export class SuiteClient {
  readonly id: string;
  readonly verifier: string;

  constructor(
    readonly app: Pick<SampleApp, 'issuer'>,
    private readonly options: SuiteClientOptions,
  ) {
    this.id = options.id;
    this.verifier = options.verifier ?? randomBytes(32).toString('base64url');
  }

  /** The same client, with another key or other credentials. */
  with(own: Partial<SuiteClientOptions>): SuiteClient {
    return new SuiteClient(this.app, { ...this.options, verifier: this.verifier, ...own });
  }

  /** The same client, which proves no key. */
  withoutProof(): SuiteClient {
    const { dpopKey: _, ...options } = this.options;
    return new SuiteClient(this.app, { ...options, verifier: this.verifier });
  }

  /** Adds to a form, or to the fields around it, who the client is. */
  async authenticate(form: URLSearchParams, headers: Headers): Promise<void> {
    await this.options.authentication(form, headers);
  }

  /** A request without PKCE, as most modules of the suite send it. */
  plainRequest(own: Parameters = {}): Parameters {
    return {
      client_id: this.id,
      response_type: 'code',
      redirect_uri: suiteRedirectUri,
      scope: 'openid',
      state: 'state-1',
      nonce: 'nonce-1',
      ...own,
    };
  }

  /** A request that lacks nothing. */
  request(own: Parameters = {}): Parameters {
    const challenge = createHash('sha256').update(this.verifier).digest('base64url');
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    return this.plainRequest({ ...pkce, ...own });
  }

  authorizationUrl(parameters: Parameters): URL {
    return new URL(`${this.app.issuer}/authorize?${formOf(parameters).toString()}`);
  }

  /** What the server answers to an authorization request at first, without a browser's cookies. */
  ask(parameters: Parameters): Promise<WireAnswer> {
    return onTheWire(this.authorizationUrl(parameters));
  }

  /** What comes back by the browser when its user did all that was asked. */
  async authorize(parameters: Parameters, user: HeadlessUser = alice()): Promise<Sent> {
    const redirectUri = parameters['redirect_uri'] ?? suiteRedirectUri;
    return sentIn(await user.authorize(this.authorizationUrl(parameters), redirectUri));
  }

  async code(parameters = this.request(), user: HeadlessUser = alice()): Promise<string> {
    const sent = await this.authorize(parameters, user);
    if (sent['code'] === undefined) throw new Error(`No code: ${JSON.stringify(sent)}`);
    return sent['code'];
  }

  /** @param proof Replaces members of the proof. @param extra Fields beside the client's own. */
  async post(
    path: string,
    parameters: Parameters,
    proof: Flaw = {},
    extra: Readonly<Record<string, string>> = {},
  ): Promise<WireAnswer> {
    const { dpopKey, now } = this.options;
    const url = this.app.issuer + path;
    const form = formOf(parameters);
    const headers = new Headers();
    await this.authenticate(form, headers);
    if (dpopKey !== undefined) {
      const claims = { htm: 'POST', htu: url, iat: now(), ...proof };
      headers.set('dpop', await dpopProof(claims, { key: dpopKey }));
    }
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    return onTheWire(url, { method: 'POST', body: form, headers });
  }

  redeem(code: string, own: Parameters = {}, proof: Flaw = {}): Promise<WireAnswer> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: suiteRedirectUri };
    return this.post('/token', { ...grant, code_verifier: this.verifier, ...own }, proof);
  }

  refresh(token: string, own: Parameters = {}, proof: Flaw = {}): Promise<WireAnswer> {
    const grant = { grant_type: 'refresh_token', refresh_token: token };
    return this.post('/token', { ...grant, ...own }, proof);
  }

  /** Pushes a request. @returns Its `request_uri`. @throws Error where it was refused. */
  async push(parameters = this.request(), proof: Flaw = {}): Promise<string> {
    const answer = await this.post('/par', parameters, proof);
    const uri = answer.status === 201 ? answer.json['request_uri'] : undefined;
    if (typeof uri !== 'string') throw new Error(`Not pushed: ${answer.body}`);
    return uri;
  }

  /** From the login to the tokens. @throws Error where one of the steps is refused. */
  async tokens(parameters = this.request(), user: HeadlessUser = alice()): Promise<JsonObject> {
    const pkce = parameters['code_challenge'] !== undefined;
    const code = await this.code(parameters, user);
    const answer = await this.redeem(code, pkce ? {} : { code_verifier: undefined });
    if (answer.status !== 200) throw new Error(`No tokens: ${answer.body}`);
    return answer.json;
  }

  /** The fields by which this client sends a bound token. */
  async boundFields(
    token: string,
    method: string,
    url: string,
    flaw: Flaw = {},
    signing: Signing = {},
  ): Promise<Record<string, string>> {
    const { dpopKey, now } = this.options;
    const claims = { htm: method, htu: url, iat: now(), ...flaw };
    const key = dpopKey === undefined ? {} : { key: dpopKey };
    const proof = await dpopProof(claims, { ...key, ...signing }, token);
    return { authorization: `DPoP ${token}`, dpop: proof };
  }
}

/** What a redirect carries. */
export type Sent = Readonly<Record<string, string>>;

export function sentIn(url: URL): Sent {
  return Object.fromEntries(url.searchParams);
}

/** What a redirect to the client says. @throws Error for a page, and for a redirect elsewhere. */
export function toldToClient(answer: WireAnswer): Sent {
  const location = answer.headers.get('location');
  if (answer.status === 303 && location?.startsWith(`${suiteRedirectUri}?`) === true) {
    return sentIn(new URL(location));
  }
  throw new Error(`Not told to the client: ${answer.status} ${location ?? answer.body}`);
}

export function formOf(parameters: Parameters): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.append(name, value);
  }
  return form;
}
