import { noContent, type RequestContent } from '@keybound/core';
import type { IncomingMessage, Server } from 'node:http';

const asked = new WeakMap<IncomingMessage, Promise<RequestContent>>();
const tees = new WeakMap<IncomingMessage, Tee>();

interface Tee {
  content: RequestContent | undefined;
  readonly whenEnded: Promise<RequestContent>;
}

/**
 * A request's content as it came: after transfer coding, before any content decoding and any parser.
 *
 * What nobody has read yet is read and put back, so that a parser or a handler finds it untouched.
 * Where a parser comes first, {@link teeContent} has to stand in front of it.
 *
 * @param maxBytes Beyond it nothing is kept.
 */
export function contentOf(message: IncomingMessage, maxBytes: number): Promise<RequestContent> {
  let content = asked.get(message);
  if (content === undefined) asked.set(message, (content = takeContent(message, maxBytes)));
  return content;
}

async function takeContent(message: IncomingMessage, maxBytes: number): Promise<RequestContent> {
  if (!hasContent(message)) return noContent;
  if (isHttp2(message)) return { state: 'not-captured' };
  const tee = tees.get(message);
  if (tee?.content !== undefined) return tee.content;
  if (message.complete && message.readableLength === 0 && !message.readableDidRead)
    return noContent;
  if (!message.readableDidRead) return readAhead(message, maxBytes);
  return tee?.whenEnded ?? { state: 'not-captured' };
}

/**
 * Keeps a copy of the content of every request of a server that may have to be checked, before
 * anything else sees it: no middleware, hook or parser can come first.
 *
 * @param wanted Which requests; those of {@link teeContent} where absent.
 */
export function captureAtServer(
  server: Server,
  maxBytes: number,
  wanted: (message: IncomingMessage) => boolean = mayBeNeeded,
): void {
  server.prependListener('request', (message) => {
    teeContent(message, maxBytes, wanted);
  });
}

/**
 * Keeps a copy of a request's content while others read it: of signed requests, and of forms, in
 * which a credential may have been misplaced.
 *
 * Does nothing where content has come in already, since then the copy would not be whole.
 *
 * @param wanted Which requests, instead of those.
 */
export function teeContent(
  message: IncomingMessage,
  maxBytes: number,
  wanted: (message: IncomingMessage) => boolean = mayBeNeeded,
): void {
  if (!hasContent(message) || tees.has(message) || !wanted(message)) return;
  if (message.readableLength > 0 || message.readableDidRead || message.complete) return;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let end: (content: RequestContent) => void = () => undefined;
  const whenEnded = new Promise<RequestContent>((resolve) => (end = resolve));
  const tee: Tee = { content: undefined, whenEnded };
  tees.set(message, tee);
  const push = message.push.bind(message);
  message.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    if (chunk === null) {
      tee.content = captured(chunks, length, maxBytes);
      end(tee.content);
    } else {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
    return push(chunk, encoding);
  };
  message.once('close', () => {
    end({ state: 'aborted' });
  });
}

/**
 * Reads to the end in paused mode and puts everything back in the same turn, before the stream gets
 * to say that it ended. An empty stream is not read at all, since there would be nothing to put back.
 */
function readAhead(message: IncomingMessage, maxBytes: number): Promise<RequestContent> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (content: RequestContent) => {
      message.off('readable', read).off('close', abandon).off('error', abandon);
      if (length > 0 && !message.destroyed) message.unshift(Buffer.concat(chunks, length));
      resolve(content);
    };
    const abandon = () => {
      finish({ state: 'aborted' });
    };
    const read = () => {
      while (message.readableLength > 0 && length <= maxBytes) {
        const chunk = message.read() as Buffer;
        chunks.push(chunk);
        length += chunk.length;
      }
      if (length > maxBytes || message.complete) finish(captured(chunks, length, maxBytes));
    };
    message.on('readable', read).on('close', abandon).on('error', abandon);
  });
}

function captured(chunks: Uint8Array[], length: number, maxBytes: number): RequestContent {
  if (length > maxBytes) return { state: 'too-large' };
  return { state: 'captured', bytes: Buffer.concat(chunks, length) };
}

function hasContent(message: IncomingMessage): boolean {
  if (isHttp2(message)) return !message.stream.endAfterHeaders;
  const length = message.headers['content-length'];
  return (
    message.headers['transfer-encoding'] !== undefined ||
    (length !== undefined && !/^0+$/.test(length))
  );
}

/** HTTP/2 frames its content without the fields that HTTP/1.1 announces it by. */
function isHttp2(message: IncomingMessage): message is Http2Message {
  return message.httpVersionMajor >= 2;
}

type Http2Message = IncomingMessage & { readonly stream: { readonly endAfterHeaders: boolean } };

function mayBeNeeded({ headers }: IncomingMessage): boolean {
  return (
    /^pop(?: |$)/i.test(headers.authorization ?? '') ||
    /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  );
}
