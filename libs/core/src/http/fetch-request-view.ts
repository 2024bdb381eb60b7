import type { Rejection } from '../errors/rejection.js';
import { accept, type Result } from '../errors/result.js';
import { noContent, type HttpRequestView, type RequestContent } from './http-request-view.js';
import { splitHttpUrl } from './http-url.js';
import { reject } from './rejections.js';

/**
 * A view of a Fetch `Request`, whose `url` must already be the one the client used.
 *
 * Fetch joins repeated fields with a comma, so a repetition shows as one value with a comma in it:
 * no credential and no proof is accepted in that form.
 *
 * @param maxBytes Most octets of content that are kept.
 */
export function fetchRequestView(
  request: Request,
  maxBytes: number,
): Result<HttpRequestView, Rejection> {
  const url = splitHttpUrl(request.url);
  if (url === undefined) return reject('http.target', 'OPS-04', { actual: request.url });
  let content: Promise<RequestContent> | undefined;
  return accept({
    method: request.method,
    url,
    rawTarget: url.path + (url.query === undefined ? '' : `?${url.query}`),
    remoteAddress: undefined,
    headerValues: (name) => {
      const value = request.headers.get(name);
      return value === null ? [] : [value];
    },
    content: () => (content ??= readContent(request, maxBytes)),
  });
}

async function readContent(request: Request, maxBytes: number): Promise<RequestContent> {
  if (request.body === null) return noContent;
  const reader = (request.clone().body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return noContent;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { state: 'captured', bytes: Buffer.concat(chunks) };
    length += value.byteLength;
    if (length > maxBytes) {
      // Not awaited: the cancellation of a clone ends only with that of the original.
      reader.cancel().catch(() => undefined);
      return { state: 'too-large' };
    }
    chunks.push(value);
  }
}
