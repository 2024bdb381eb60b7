import { noContent, type RequestContent } from '@keybound/core';
import type { IncomingMessage } from 'node:http';

const captured = new WeakMap<IncomingMessage, RequestContent>();

/** What was captured of a request's content; see {@link captureContent}. */
export function capturedContent(message: IncomingMessage): RequestContent {
  return captured.get(message) ?? (hasContent(message) ? { state: 'not-captured' } : noContent);
}

/**
 * Keeps a request's content as it came, before any parser and any inflater, and puts it back so that
 * a parser finds it untouched. Only where a proof may have to be checked against it: a request that
 * carries a signed HTTP request, or a form in which a credential may have been misplaced.
 *
 * @param maxBytes Beyond it nothing is kept, and reading stops where it is.
 * @throws Error when something read the content before, which is a fault of the installation.
 */
export async function captureContent(message: IncomingMessage, maxBytes: number): Promise<void> {
  if (captured.has(message) || !hasContent(message)) return;
  const form = isForm(message);
  if (!form && !carriesSignedRequest(message)) return;
  if (message.readableDidRead || message.readableEnded) {
    if (form && !carriesSignedRequest(message)) return;
    throw new Error('The content was read before it could be captured: install the capture first.');
  }
  captured.set(message, await readAhead(message, maxBytes));
}

function hasContent({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function carriesSignedRequest({ headers }: IncomingMessage): boolean {
  return /^pop(?: |$)/i.test(headers.authorization ?? '');
}

function isForm({ headers }: IncomingMessage): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

/**
 * Reads to the end in paused mode and puts everything back in the same turn, before the stream gets
 * to say that it ended.
 */
function readAhead(message: IncomingMessage, maxBytes: number): Promise<RequestContent> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (state: 'captured' | 'too-large' | 'not-captured') => {
      message.off('readable', read).off('close', abandon).off('error', abandon);
      const bytes = Buffer.concat(chunks, length);
      if (length > 0 && !message.destroyed) message.unshift(bytes);
      resolve(state === 'captured' ? { state, bytes } : { state });
    };
    const abandon = () => {
      finish('not-captured');
    };
    const read = () => {
      for (;;) {
        const chunk = message.read() as Buffer | null;
        if (chunk === null) break;
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) {
          finish('too-large');
          return;
        }
      }
      if (message.complete) finish('captured');
    };
    message.on('readable', read).on('close', abandon).on('error', abandon);
  });
}
