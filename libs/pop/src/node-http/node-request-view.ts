import {
  accept,
  externalUrl,
  type HttpRequestView,
  type PublicUrl,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { IncomingMessage } from 'node:http';
import { contentOf } from './request-content.js';

/**
 * The view of a request that Node received.
 *
 * @param rawTarget As received: a framework's `originalUrl`, never a router's shortened `url`.
 */
export function nodeRequestView(
  message: IncomingMessage,
  rawTarget: string,
  publicUrl: PublicUrl,
  maxContentBytes: number,
): Result<HttpRequestView, Rejection> {
  const { rawHeaders, socket } = message;
  const headerValues = (name: string) => valuesOf(rawHeaders, name);
  const { remoteAddress } = socket;
  const encrypted = 'encrypted' in socket && socket.encrypted === true;
  const url = externalUrl(publicUrl, { rawTarget, remoteAddress, encrypted, headerValues });
  if (!url.ok) return url;
  return accept({
    method: message.method ?? '',
    url: url.value,
    rawTarget,
    remoteAddress,
    headerValues,
    content: () => contentOf(message, maxContentBytes),
  });
}

/** From `rawHeaders`: in `headers`, Node joins some repeated fields and drops others. */
function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at] ?? '';
    if (field.length === name.length && field.toLowerCase() === name) {
      values.push(rawHeaders[at + 1] ?? '');
    }
  }
  return values;
}
