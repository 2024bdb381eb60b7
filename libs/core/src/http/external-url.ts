import type { Rejection } from '../errors/rejection.js';
import { accept, type Result } from '../errors/result.js';
import { splitHttpUrl, type HttpUrl } from './http-url.js';
import type { PublicUrl } from './public-url.js';
import { reject } from './rejections.js';

/** What the adapter received, before anything of it is believed. */
export interface ReceivedTarget {
  /** The request target as on the wire, never a router's shortened one. */
  readonly rawTarget: string;
  readonly remoteAddress: string | undefined;
  /** Whether the socket itself is TLS. */
  readonly encrypted: boolean;
  headerValues(name: string): readonly string[];
}

/** Printable ASCII but `#`, which a target never holds (RFC 9112 §3.2) and routers read differently. */
const targetText = /^[!"$-~]+$/;
// Values of a proxy that passes on what it got must not be able to move the authority.
const isScheme = /^https?$/i;
const isPath = /^(?:\/[^?#]*)?$/;

/**
 * The URL that the client used: the public base URL with the request target appended. OPS-01 to
 * OPS-04. Appended and not resolved, since `//evil.example/x` resolves to another host.
 */
export function externalUrl(
  source: PublicUrl,
  received: ReceivedTarget,
): Result<HttpUrl, Rejection> {
  const hosts = received.headerValues('host');
  if (hosts.length > 1) {
    return reject('http.host_count', 'OPS-22', { actual: String(hosts.length) });
  }
  const base =
    source.kind === 'configured' ? accept(source.base) : forwardedBase(source, received, hosts[0]);
  return base.ok ? append(base.value, received.rawTarget) : base;
}

function append(base: HttpUrl, rawTarget: string): Result<HttpUrl, Rejection> {
  if (!targetText.test(rawTarget)) return reject('http.target', 'OPS-04', { actual: rawTarget });
  if (rawTarget.startsWith('/')) {
    const [path, query] = splitOnce(rawTarget, '?');
    return accept({ ...base, path: base.path + path, query });
  }
  const absolute = splitHttpUrl(rawTarget);
  if (absolute?.origin === base.origin) return accept(absolute);
  return reject('http.target', 'OPS-04', { expected: base.origin, actual: rawTarget });
}

function forwardedBase(
  source: Extract<PublicUrl, { kind: 'forwarded' }>,
  received: ReceivedTarget,
  host: string | undefined,
): Result<HttpUrl, Rejection> {
  const fromProxy =
    received.remoteAddress !== undefined && source.isTrustedProxy(received.remoteAddress);
  const forwarded = fromProxy ? readForwarded(received, source.fields) : undefined;
  const scheme = forwarded?.proto ?? (received.encrypted ? 'https' : 'http');
  const authority = (forwarded?.host ?? host ?? '').toLowerCase();
  const sent = fromProxy && source.usePrefix ? lastOf(received, 'x-forwarded-prefix') : undefined;
  const prefix = sent?.replace(/\/$/, '') ?? '';
  const sound = isScheme.test(scheme) && isPath.test(prefix);
  const base = sound ? splitHttpUrl(`${scheme}://${authority}${prefix}`) : undefined;
  if (base === undefined || !source.allowedHosts.includes(authority)) {
    return reject('http.forwarded', 'OPS-02', { actual: authority });
  }
  return accept(base);
}

/** The values that the nearest proxy appended, in the one family of fields that it sets. */
function readForwarded(
  received: ReceivedTarget,
  fields: 'x-forwarded' | 'forwarded',
): { readonly proto: string | undefined; readonly host: string | undefined } {
  if (fields === 'x-forwarded') {
    return {
      proto: lastOf(received, 'x-forwarded-proto'),
      host: lastOf(received, 'x-forwarded-host'),
    };
  }
  const element = lastOf(received, 'forwarded') ?? '';
  return { proto: pair(element, 'proto'), host: pair(element, 'host') };
}

function lastOf(received: ReceivedTarget, name: string): string | undefined {
  return received.headerValues(name).at(-1)?.split(',').at(-1)?.trim();
}

function pair(element: string, name: string): string | undefined {
  for (const part of element.split(';')) {
    const [key, value] = splitOnce(part.trim(), '=');
    if (key.toLowerCase() === name) return value?.replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
