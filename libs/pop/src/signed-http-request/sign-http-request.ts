import {
  sha256Base64url,
  signCompactJws,
  splitHttpUrl,
  type Seconds,
  type Signer,
} from '@keybound/core';
import { headerLine, latin1 } from './header-line.js';
import { parseRawQuery, type RawParameter } from './raw-query.js';

/** The request to sign, exactly as it goes on the wire. */
export interface SignedRequestInput {
  readonly accessToken: string;
  readonly method: string;
  /** Absolute, as serialised. */
  readonly url: string;
  /** Fields to cover, name in any letter case; hop-by-hop ones are left out. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The octets that are sent; undefined where there is no content. */
  readonly content?: Uint8Array;
  /** A nonce that this server handed out; without one, a random value stands in its place. */
  readonly nonce?: string;
  readonly issuedAt: Seconds;
}

const unreservedName = /^[A-Za-z0-9\-._~]+$/;
const neverCovered = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Signs an HTTP request, a fresh one each time. draft-ietf-oauth-signed-http-request-03 §3.
 *
 * Covers method, host, path, content, every query parameter that occurs once under a name of
 * unreserved characters (where all verifiers agree), and the given headers.
 *
 * @returns The compact JWS to send as `Authorization: PoP …`.
 * @throws TypeError for a URL that is not absolute http(s).
 */
export async function signHttpRequest(input: SignedRequestInput, signer: Signer): Promise<string> {
  const url = splitHttpUrl(input.url);
  if (url === undefined)
    throw new TypeError('A signed HTTP request needs an absolute http(s) URL.');
  const parameters = coverableParameters(url.query);
  const headers = coverableHeaders(input.headers ?? []);
  const { nonce, content } = input;
  return signCompactJws(
    { typ: 'pop' },
    {
      at: input.accessToken,
      ts: input.issuedAt,
      m: input.method,
      u: url.origin.slice(url.origin.indexOf('//') + 2),
      p: url.path === '' ? '/' : url.path,
      ...(url.query !== undefined && { q: await hashedParameters(parameters) }),
      ...(headers.length > 0 && { h: await hashedHeaders(headers) }),
      ...(content !== undefined && { b: await sha256Base64url(content) }),
      ...(nonce === undefined
        ? { nonce: crypto.randomUUID() }
        : { nonce, jti: crypto.randomUUID() }),
    },
    signer,
  );
}

function coverableParameters(query: string | undefined): readonly RawParameter[] {
  const parameters = parseRawQuery(query);
  return parameters.filter(
    ({ rawName, name }) =>
      unreservedName.test(rawName) &&
      parameters.filter((other) => other.name === name).length === 1,
  );
}

async function hashedParameters(parameters: readonly RawParameter[]) {
  const buffer = parameters.map(({ rawName, rawValue }) => `${rawName}=${rawValue}`).join('&');
  return [parameters.map(({ rawName }) => rawName), await sha256Base64url(buffer)];
}

function coverableHeaders(headers: readonly (readonly [string, string])[]) {
  const lower = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return lower.filter(
    ([name]) => !neverCovered.has(name) && lower.filter(([other]) => other === name).length === 1,
  );
}

async function hashedHeaders(headers: readonly (readonly [string, string])[]) {
  const lines = headers.map(([name, value]) => headerLine(name, value));
  return [headers.map(([name]) => name), await sha256Base64url(latin1(lines.join('\n')))];
}
