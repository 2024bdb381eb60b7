import type { HttpUrl } from './http-url.js';

/**
 * What the peer really sent, as seen from outside the proxy. The one request shape that the core
 * knows; adapters make it from Fetch, Express, Fastify and WebSocket upgrades.
 */
export interface HttpRequestView {
  /** As on the wire; methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** The configured public base URL with the received target appended, never resolved against it. */
  readonly url: HttpUrl;
  /** The request target, octet for octet as received. */
  readonly rawTarget: string;
  /** The address of the socket's other end, for audit events. */
  readonly remoteAddress: string | undefined;
  /** Every field line of that name (lower case), in order, never joined. */
  headerValues(name: string): readonly string[];
  /**
   * The content before any parser and any content decoding. Read when asked for, and once: a sender
   * whose request fails before is not waited for.
   */
  content(): Promise<RequestContent>;
  /** The client's certificate, DER, where the transport vouches for one. */
  readonly clientCertificate?: Uint8Array;
}

/** What is known of a request's content. */
export type RequestContent =
  | { readonly state: 'captured'; readonly bytes: Uint8Array }
  /** More than the limit of the capture; not kept. */
  | { readonly state: 'too-large' }
  /** Somebody read it before it could be kept: a fault of the installation. */
  | { readonly state: 'not-captured' }
  /** The sender went away before it was complete. */
  | { readonly state: 'aborted' };

export const noContent: RequestContent = { state: 'captured', bytes: new Uint8Array(0) };
