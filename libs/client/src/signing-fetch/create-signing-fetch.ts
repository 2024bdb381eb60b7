import { systemClock } from '@keybound/core';
import { dpopScheme } from './dpop-scheme.js';
import { followRedirects } from './follow-redirects.js';
import { prepareRequest, toInit, type OutgoingRequest } from './outgoing-request.js';
import { SignedExchange } from './signed-exchange.js';
import { signedRequestScheme } from './signed-request-scheme.js';
import type { Fetch, SigningFetchOptions } from './signing-fetch-options.js';
import { tokenOrigins } from './token-origins.js';

/** Fields that Fetch drops, too, when a redirect leaves the origin. */
const ownCredentials = ['authorization', 'cookie', 'dpop', 'proxy-authorization'];

/**
 * Makes a `fetch` that sends an access token with a proof that it is this client's.
 *
 * Every request has a proof of its own, also a retry and a redirect. A call is retried once if the
 * server asks for a nonce that is new, or shows by its `Date` that the clocks differ; content given
 * as a stream is sent once. Redirects are followed within an origin only. The promise rejects with a
 * TypeError for what is refused here, and with whatever `fetch` and `accessToken` throw.
 *
 * @throws ConfigurationError for origins that cannot be used.
 */
export function createSigningFetch(options: SigningFetchOptions): Fetch {
  const { fetch, signer, otherOrigins = 'refused', allowHttp = 'loopback' } = options;
  const origins = tokenOrigins(options.origins, allowHttp);
  const scheme = options.method === 'dpop' ? dpopScheme(signer) : signedRequestScheme(signer);
  const clock = options.clock ?? systemClock;
  const exchange = new SignedExchange(fetch, scheme, options.accessToken, clock);

  return async (input, init = {}) => {
    const { origin } = new URL(input instanceof Request ? input.url : new Request(input).url);
    if (!origins.has(origin)) {
      if (otherOrigins === 'send-without-credentials') return fetch(input, init);
      throw foreignOrigin(origin);
    }
    const streams = scheme.signsContent ? 'read' : 'kept';
    const budget = { left: 1 };
    return followRedirects(await prepareRequest(input, init, streams), {
      signed: (request) => exchange.send(request, budget),
      elsewhere,
    });
  };

  async function elsewhere(request: OutgoingRequest): Promise<Response> {
    if (otherOrigins === 'refused') throw foreignOrigin(new URL(request.url).origin);
    const headers = new Headers(request.headers);
    for (const name of ownCredentials) headers.delete(name);
    return fetch(request.url, { ...toInit(request, headers), redirect: 'follow' });
  }
}

function foreignOrigin(origin: string): TypeError {
  return new TypeError(`The access token is not for ${origin}.`);
}
