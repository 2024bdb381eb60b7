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

const printableAscii = /^[!-~]+$/;
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
  if (!printableAscii.test(rawTarget))
    return reject('http.target', 'OPS-04', { actual: rawTarget });
  if (rawTarget.startsWith('/')) {
    const [path, query] = splitOnce(withoutFragment(rawTarget), '?');
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
  const forwarded = fromProxy ? readForwarded(received) : {};
  const scheme = forwarded.proto ?? (received.encrypted ? 'https' : 'http');
  const authority = (forwarded.host ?? host ?? '').toLowerCase();
  const sent = fromProxy && source.usePrefix ? lastOf(received, 'x-forwarded-prefix') : undefined;
  const prefix = sent?.replace(/\/$/, '') ?? '';
  const sound = isScheme.test(scheme) && isPath.test(prefix);
  const base = sound ? splitHttpUrl(`${scheme}://${authority}${prefix}`) : undefined;
  if (base === undefined || !source.allowedHosts.includes(authority)) {
    return reject('http.forwarded', 'OPS-02', { actual: authority });
  }
  return accept(base);
}

/** The values that the nearest proxy appended: the right-most ones. RFC 7239 §4. */
function readForwarded(received: ReceivedTarget): { proto?: string; host?: string } {
  const standard = lastOf(received, 'forwarded');
  const proto =
    standard === undefined ? lastOf(received, 'x-forwarded-proto') : pair(standard, 'proto');
  const host =
    standard === undefined ? lastOf(received, 'x-forwarded-host') : pair(standard, 'host');
  return { ...(proto !== undefined && { proto }), ...(host !== undefined && { host }) };
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

function withoutFragment(target: string): string {
  const hash = target.indexOf('#');
  return hash === -1 ? target : target.slice(0, hash);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
