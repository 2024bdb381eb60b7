/** A request that is ready to be signed and sent, more than once where it can be. */
export interface OutgoingRequest {
  /** In upper case, as it is signed and sent. */
  readonly method: string;
  /** Absolute, as serialised, without fragment. */
  readonly url: string;
  /** Without credentials: those are added to a copy. */
  readonly headers: Headers;
  readonly content: Uint8Array<ArrayBuffer> | ReadableStream | undefined;
  /** Whether it can be sent again; what came as a stream cannot. */
  readonly replayable: boolean;
  /** What the caller wants to happen on a redirect. */
  readonly redirect: Request['redirect'];
  /** The caller's other settings. */
  readonly settings: RequestInit;
}

/**
 * Reads a call's arguments as `fetch` would: same method, URL, fields and content.
 *
 * Content is serialised here, once, so that the octets that are signed are those that are sent.
 *
 * @param streams Whether a stream is handed on as it is, or read to its end because it is signed.
 * @throws TypeError where `fetch` would.
 */
export async function prepareRequest(
  input: string | URL | Request,
  init: RequestInit,
  streams: 'kept' | 'read',
): Promise<OutgoingRequest> {
  const request = new Request(input, { ...init, duplex: 'half' });
  const url = new URL(request.url);
  url.hash = '';
  const streamed = isStream(init.body);
  return {
    method: request.method.toUpperCase(),
    url: url.href,
    headers: request.headers,
    content: streamed && streams === 'kept' ? (request.body ?? undefined) : await bytesOf(request),
    replayable: !streamed,
    redirect: request.redirect,
    settings: settingsOf(request, input, init),
  };
}

/** The arguments that make `fetch` send it, without following redirects. */
export function toInit(request: OutgoingRequest, headers: Headers): RequestInit {
  const { settings, method, content } = request;
  return {
    ...settings,
    method,
    headers,
    body: content ?? null,
    redirect: 'manual',
    ...(content instanceof ReadableStream && { duplex: 'half' }),
  };
}

/** No octets are no content. */
async function bytesOf(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length === 0 ? undefined : bytes;
}

function isStream(body: RequestInit['body']): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return body instanceof ReadableStream || Symbol.asyncIterator in body;
}

/** The caller's own signal: one derived from it can be collected before it fires. */
function settingsOf(
  request: Request,
  input: string | URL | Request,
  init: RequestInit,
): RequestInit {
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy } = request;
  const inherited = input instanceof Request ? input.signal : null;
  const signal = init.signal === undefined ? inherited : init.signal;
  const named = { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy };
  return { ...init, ...named, signal };
}
