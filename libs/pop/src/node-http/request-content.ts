import { noContent, type RequestContent } from '@keybound/core';
import type { IncomingMessage } from 'node:http';

/**
 * A request's content as it came: after transfer coding, before any content decoding and any parser.
 *
 * Only where a proof may have to be checked against it: a request that carries a signed HTTP
 * request, or a form in which a credential may have been misplaced. Content that nobody has read yet
 * is read and put back, so that a parser or a handler finds it untouched; where a parser comes first,
 * {@link teeContent} has to stand in front of it.
 *
 * @param maxBytes Beyond it nothing is kept.
 */
export async function contentOf(
  message: IncomingMessage,
  maxBytes: number,
): Promise<RequestContent> {
  if (!hasContent(message)) return noContent;
  if (!mayBeNeeded(message)) return { state: 'not-captured' };
  const tee = tees.get(message);
  if (tee?.ended === true) return tee.content;
  if (!message.readableDidRead) return readAhead(message, maxBytes);
  return tee === undefined ? { state: 'not-captured' } : tee.whenEnded;
}

interface Tee {
  ended: boolean;
  content: RequestContent;
  readonly whenEnded: Promise<RequestContent>;
}

const tees = new WeakMap<IncomingMessage, Tee>();

/**
 * Keeps a copy of a request's content while others read it. To be called in the turn in which the
 * request arrives, before its first octet of content does.
 */
export function teeContent(message: IncomingMessage, maxBytes: number): void {
  if (tees.has(message) || !hasContent(message) || !mayBeNeeded(message)) return;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let end: (content: RequestContent) => void = () => undefined;
  const whenEnded = new Promise<RequestContent>((resolve) => (end = resolve));
  const tee: Tee = { ended: false, content: { state: 'not-captured' }, whenEnded };
  tees.set(message, tee);
  const push = message.push.bind(message);
  message.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    if (chunk === null) {
      tee.ended = true;
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
    end(tee.content);
  });
}

/**
 * Reads to the end in paused mode and puts everything back in the same turn, before the stream gets
 * to say that it ended.
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
      finish({ state: 'not-captured' });
    };
    const read = () => {
      for (;;) {
        const chunk = message.read() as Buffer | null;
        if (chunk === null) break;
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) break;
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

function hasContent({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function mayBeNeeded({ headers }: IncomingMessage): boolean {
  return (
    /^pop(?: |$)/i.test(headers.authorization ?? '') ||
    /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  );
}
