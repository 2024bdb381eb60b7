import type { Clock, Signer } from '@keybound/core';

/** What `fetch` looks like on Node and in browsers. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** How requests to one or more resources are signed. */
export interface SigningFetchOptions {
  /** How possession of the key is proven. */
  readonly method: 'dpop' | 'signed-http-request';
  /** Holds the key that the access token is bound to. */
  readonly signer: Signer;
  /** The token, or where to get it; asked before every request that is sent, so let it cache. */
  readonly accessToken: string | (() => string | Promise<string>);
  /** Makes the requests. */
  readonly fetch: Fetch;
  /** Where the token may go: `scheme://host[:port]`. It is never sent to any other origin. */
  readonly origins: readonly [string, ...string[]];
  /** What happens to a request, or a redirect, to another origin. Default `refused`. */
  readonly otherOrigins?: 'refused' | 'send-without-credentials';
  /** Where http, without TLS, is good enough. Default `loopback`. */
  readonly allowHttp?: 'loopback' | 'always';
  /** Default: the system's clock. */
  readonly clock?: Clock;
}
