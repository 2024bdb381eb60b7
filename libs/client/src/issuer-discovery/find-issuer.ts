import { issuerLinkIn, webFingerQuery, type JsonObject } from '@keybound/core';
import { isLoopback } from '../signing-fetch/is-loopback.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';

/** How an issuer is looked for. */
export interface FindIssuerOptions {
  /** Makes the requests. */
  readonly fetch: Fetch;
  /** Whether hosts on this machine are asked by http, for development. Default `never`. */
  readonly allowHttp?: 'never' | 'loopback';
}

/** No issuer was found for what the user typed. */
export class IssuerNotFoundError extends Error {
  override readonly name = 'IssuerNotFoundError';
}

const maxOctets = 65_536;
const maxRedirects = 3;

/**
 * Finds the issuer of a user by what the user typed: `alice@example.com`, `example.com/alice`.
 * OpenID Connect Discovery §2, RFC 7033.
 *
 * Asked by https; redirects are followed to https only. That the issuer is who it says is for the
 * discovery of its metadata to show.
 *
 * @throws IssuerNotFoundError for an identifier that names nobody, and an answer that names no issuer.
 */
export async function findIssuer(identifier: string, options: FindIssuerOptions): Promise<string> {
  const http = (host: string) => options.allowHttp === 'loopback' && isLoopback(host);
  const secure = webFingerQuery(identifier);
  if (!secure.ok) throw new IssuerNotFoundError(`This names nobody: ${secure.failure}.`);
  const query = http(hostnameOf(secure.value.host)) ? webFingerQuery(identifier, 'http') : secure;
  if (!query.ok) throw new IssuerNotFoundError(`This names nobody: ${query.failure}.`);
  const document = await getDocument(query.value.url, options, http);
  const issuer = issuerLinkIn(document, http);
  if (issuer === undefined) throw new IssuerNotFoundError('The answer names no issuer.');
  return issuer;
}

async function getDocument(
  url: string,
  { fetch }: FindIssuerOptions,
  http: (host: string) => boolean,
): Promise<JsonObject> {
  let next = new URL(url);
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await fetch(next.href, {
      headers: { accept: 'application/jrd+json, application/json' },
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) {
      return readDocument(response);
    }
    await response.body?.cancel();
    if (!URL.canParse(location, next.href)) {
      throw new IssuerNotFoundError('A redirect leads nowhere.');
    }
    next = new URL(location, next);
    if (next.protocol !== 'https:' && !http(next.hostname)) {
      throw new IssuerNotFoundError('A redirect leads away from https.');
    }
  }
  throw new IssuerNotFoundError('There are too many redirects.');
}

async function readDocument(response: Response): Promise<JsonObject> {
  if (response.status !== 200) {
    throw new IssuerNotFoundError(`The host answers ${String(response.status)}.`);
  }
  const text = await boundedText(response);
  const document = text === undefined ? undefined : parseDocument(text);
  if (document === undefined) throw new IssuerNotFoundError('The answer is not a JSON object.');
  return document;
}

/** Undefined for what is too long, of which no more is read. */
async function boundedText({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  let octets = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    octets += value.length;
    if (octets > maxOctets) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parseDocument(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}
