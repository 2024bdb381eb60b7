import type { OutgoingRequest } from './outgoing-request.js';
import { redirectedRequest } from './redirected-request.js';

/** How requests are sent, within the origin of the first one and beyond it. */
export interface Senders {
  /** With a proof made for this request. */
  readonly signed: (request: OutgoingRequest) => Promise<Response>;
  /** Without credentials. */
  readonly elsewhere: (request: OutgoingRequest) => Promise<Response>;
}

const maxRedirects = 5;

/**
 * Sends a request and follows redirects as its caller wants, each with a proof of its own. DPOP-22.
 *
 * @throws TypeError for too many redirects, for any where the caller wants none, and in browsers,
 *   which do not tell where a redirect leads.
 */
export async function followRedirects(first: OutgoingRequest, senders: Senders): Promise<Response> {
  const { origin } = new URL(first.url);
  let request = first;
  for (let followed = 0; ; followed += 1) {
    const response = await senders.signed(request);
    if (first.redirect === 'manual') return response;
    if (response.type === 'opaqueredirect') {
      throw new TypeError('The server redirects, and a browser hides where to: use the final URL.');
    }
    const next = redirectedRequest(request, response);
    if (next === undefined) return response;
    await response.body?.cancel();
    if (first.redirect === 'error') throw new TypeError('The server redirects.');
    if (followed === maxRedirects) throw new TypeError('The server redirects too often.');
    if (new URL(next.url).origin !== origin) return senders.elsewhere(next);
    request = next;
  }
}
