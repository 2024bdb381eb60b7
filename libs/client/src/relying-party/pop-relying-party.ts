import { systemClock, type Clock, type Signer } from '@keybound/core';
import * as openid from 'openid-client';
import { createSigningFetch } from '../signing-fetch/create-signing-fetch.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';
import { requestOptions, withFetch } from './openid-configuration.js';
import { bindingParameters, popExchange, tokenTypeOf } from './pop-exchange.js';
import type {
  BoundTokens,
  KnownClient,
  PendingLogin,
  RelyingPartyOptions,
} from './relying-party-options.js';
import { repeatWithNonce } from './repeat-with-nonce.js';
import { requireSameLogin } from './require-same-login.js';
import { revealUnusableToken } from './reveal-unusable-token.js';

/**
 * A client of the code flow whose tokens are bound to its keys: one key for the issuer's own
 * resources and one for each resource (CNF-11).
 *
 * Discovery, registration, PKCE, `state`, `nonce`, `iss` and the ID token are `openid-client`'s
 * business; keys, proofs and the type of the token are done here.
 */
export class PopRelyingParty {
  readonly #clock: Clock;
  /** The issuer's keys as last seen: they are the same for each of our own keys. */
  #issuerKeys: openid.ExportedJWKSCache | undefined;

  private constructor(
    private readonly options: RelyingPartyOptions,
    private readonly configuration: openid.Configuration,
    private readonly authentication: openid.ClientAuth,
  ) {
    this.#clock = options.clock ?? systemClock;
    // OIDC-10: `openid-client` compares URLs, which may differ in a trailing slash.
    if (configuration.serverMetadata().issuer === options.issuer) return;
    throw new TypeError('The metadata is that of another issuer.');
  }

  /** A client that the issuer knows. @throws what `openid-client` throws for a bad issuer. */
  static async known(options: RelyingPartyOptions, client: KnownClient): Promise<PopRelyingParty> {
    const { clientId, metadata, authentication } = client;
    const configuration = await openid.discovery(
      new URL(options.issuer),
      clientId,
      { ...metadata },
      authentication,
      requestOptions(options),
    );
    return new PopRelyingParty(options, configuration, authentication);
  }

  /**
   * Registers a public client, once. RFC 7591.
   *
   * @param metadata Beside what the binding needs: `client_name`, `scope`, `grant_types`, …
   */
  static async register(
    options: RelyingPartyOptions,
    metadata: Readonly<Partial<openid.ClientMetadata>> = {},
  ): Promise<PopRelyingParty> {
    const bound =
      options.binding === 'dpop' ? 'dpop_bound_access_tokens' : 'pop_bound_access_tokens';
    const authentication = openid.None();
    const configuration = await openid.dynamicClientRegistration(
      new URL(options.issuer),
      {
        redirect_uris: [options.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        [bound]: true,
        ...metadata,
      },
      authentication,
      requestOptions(options),
    );
    return new PopRelyingParty(options, configuration, authentication);
  }

  get clientId(): string {
    return this.configuration.clientMetadata().client_id;
  }

  /** What the issuer publishes about itself. */
  get issuerMetadata(): Readonly<openid.ServerMetadata> {
    return this.configuration.serverMetadata();
  }

  /**
   * Begins a login.
   *
   * @param parameters `scope`, `prompt`, `resource`, … `openid` is asked for where no scope is named.
   * @returns Where to send the browser, and what to remember for `finish`.
   */
  async begin(
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly url: URL; readonly pending: PendingLogin }> {
    const pending: PendingLogin = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
      resource: parameters['resource'],
    };
    const request = {
      scope: 'openid',
      ...parameters,
      redirect_uri: this.options.redirectUri,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: 'S256',
    };
    const pushes = this.issuerMetadata.pushed_authorization_request_endpoint !== undefined;
    const url = pushes
      ? await openid.buildAuthorizationUrlWithPAR(this.configuration, request)
      : openid.buildAuthorizationUrl(this.configuration, request);
    return { url, pending };
  }

  /**
   * Finishes a login.
   *
   * @param callback The URL at which the user came back, whole.
   * @throws UnusableTokenError for a token that is not bound to our key; what `openid-client` throws
   *         for a response or an ID token that it refuses.
   */
  async finish(callback: URL, pending: PendingLogin): Promise<BoundTokens> {
    const { state, nonce, codeVerifier, resource } = pending;
    const keyName = resource ?? this.options.issuer;
    const signer = await this.#signerOf(keyName);
    const parameters = this.#parameters(signer, resource);
    const exchanging = this.#exchanging(signer);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
    const response = await revealUnusableToken(
      repeatWithNonce(() =>
        openid.authorizationCodeGrant(exchanging, callback, checks, parameters),
      ),
    );
    this.#issuerKeys = openid.getJwksCache(exchanging);
    const { sub: subject, auth_time: authenticatedAt } = response.claims() ?? {};
    return this.#tokens(response, keyName, { subject, authenticatedAt, refreshToken: undefined });
  }

  /**
   * Exchanges the refresh token for a new access token.
   *
   * @param keyName Another key for it: its name, at will. An issuer allows this to confidential
   *                clients only, since the refresh tokens of others are bound to their key.
   * @throws UnusableTokenError for a token that is not bound to that key, and for an ID token about
   *         another user or login; what `openid-client` throws for what it refuses.
   */
  async refresh(tokens: BoundTokens, keyName = tokens.keyName): Promise<BoundTokens> {
    const { refreshToken } = tokens;
    if (refreshToken === undefined) throw new TypeError('There is no refresh token.');
    const signer = await this.#signerOf(keyName);
    const exchanging = this.#exchanging(signer);
    const parameters = this.#parameters(signer, undefined);
    const response = await revealUnusableToken(
      repeatWithNonce(() => openid.refreshTokenGrant(exchanging, refreshToken, parameters)),
    );
    requireSameLogin(response.claims(), tokens);
    return this.#tokens(response, keyName, tokens);
  }

  /**
   * The claims about the user. OpenID Connect Core §5.3.
   *
   * @throws what `openid-client` throws where `sub` is another than the ID token's (OIDC-38), or a
   *         signed response was registered and a plain one came.
   */
  async userInfo(tokens: BoundTokens): Promise<openid.UserInfoResponse> {
    const { userinfo_endpoint: endpoint } = this.issuerMetadata;
    const { accessToken, subject } = tokens;
    if (endpoint === undefined) throw new TypeError('The issuer has no UserInfo endpoint.');
    if (subject === undefined) throw new TypeError('There was no ID token, so no user is known.');
    const { href, origin } = new URL(endpoint);
    const signed = await this.fetchWith(tokens, [origin]);
    const configuration = this.#configurationWith(async (url, init) => {
      if (url !== href) return this.options.fetch(url, init as RequestInit);
      const headers = new Headers(init.headers);
      headers.delete('authorization');
      return signed(url, { ...init, headers } as RequestInit);
    });
    return openid.fetchUserInfo(configuration, accessToken, subject);
  }

  /** A `fetch` that sends the token to these origins, each request with its proof. */
  async fetchWith(tokens: BoundTokens, origins: readonly [string, ...string[]]): Promise<Fetch> {
    return createSigningFetch({
      method: tokens.tokenType === 'DPoP' ? 'dpop' : 'signed-http-request',
      signer: await this.#signerOf(tokens.keyName),
      accessToken: tokens.accessToken,
      fetch: this.options.fetch,
      origins,
      clock: this.#clock,
    });
  }

  #signerOf(keyName: string): Promise<Signer> {
    return this.options.keys.keyForResource(this.options.issuer, keyName);
  }

  #parameters(signer: Signer, resource: string | undefined): URLSearchParams {
    const parameters = bindingParameters(this.options.binding, signer);
    if (resource !== undefined) parameters.set('resource', resource);
    return parameters;
  }

  /** The same client, whose token requests prove possession of this key. */
  #exchanging(signer: Signer): openid.Configuration {
    const { binding, fetch } = this.options;
    const { token_endpoint: endpoint } = this.issuerMetadata;
    // As `openid-client` asks for it: the metadata may spell the same URL in another way.
    const href = endpoint === undefined ? undefined : new URL(endpoint).href;
    const exchange = popExchange(binding, signer, fetch, this.#clock);
    return this.#configurationWith((url, init) =>
      (url === href ? exchange : fetch)(url, init as RequestInit),
    );
  }

  #configurationWith(fetch: openid.CustomFetch): openid.Configuration {
    const { options, configuration, authentication } = this;
    return withFetch(options, configuration, authentication, this.#issuerKeys, fetch);
  }

  #tokens(
    response: openid.TokenEndpointResponse,
    keyName: string,
    {
      subject,
      authenticatedAt,
      refreshToken,
    }: Pick<BoundTokens, 'subject' | 'authenticatedAt' | 'refreshToken'>,
  ): BoundTokens {
    const { expires_in: expiresIn } = response;
    return {
      accessToken: response.access_token,
      tokenType: tokenTypeOf(this.options.binding),
      keyName,
      refreshToken: response.refresh_token ?? refreshToken,
      expiresAt: expiresIn === undefined ? undefined : this.#clock.now() + expiresIn,
      scope: response.scope,
      subject,
      authenticatedAt,
    };
  }
}
